using System;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CredBroker.Sessions;

/// <summary>A session's bearer token: 32 random bytes in base64url. Only <see cref="Text"/> shows it.</summary>
internal sealed class SessionToken
{
    public const int HashLength = SHA256.HashSizeInBytes;

    private const int RandomBytes = 32;

    public string Text { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    public byte[] Hash => HashOf(Text);

    /// <summary>What is kept of a token: SHA-256. It has 256 random bits, so a slow hash would add nothing.</summary>
    public static byte[] HashOf(ReadOnlySpan<char> token)
    {
        byte[] hash = new byte[HashLength];
        HashOf(token, hash);
        return hash;
    }

    /// <param name="hash">Gets <see cref="HashLength"/> bytes.</param>
    public static void HashOf(ReadOnlySpan<char> token, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[256];
        if (Encoding.UTF8.TryGetBytes(token, bytes, out int length)) SHA256.HashData(bytes[..length], hash);
        else SHA256.HashData(Encoding.UTF8.GetBytes(token.ToArray()), hash);
    }

    public override string ToString() => "SessionToken { **** }";
}
