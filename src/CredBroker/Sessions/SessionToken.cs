using System;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CredBroker.Sessions;

/// <summary>A session's bearer token: 32 random bytes in base64url. Only <see cref="Text"/> shows it.</summary>
internal sealed class SessionToken
{
    private const int RandomBytes = 32;

    public string Text { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    public byte[] Hash => HashOf(Text);

    /// <summary>What is kept of a token: SHA-256. It has 256 random bits, so a slow hash would add nothing.</summary>
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public override string ToString() => "SessionToken { **** }";
}
