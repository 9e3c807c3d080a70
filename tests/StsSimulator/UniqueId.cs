using System;
using System.Security.Cryptography;
using System.Text;

namespace StsSimulator;

/// <summary>The ids that AWS gives to users, roles and keys: four letters that name the kind, then A-Z and 2-7.</summary>
internal static class UniqueId
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>21 characters, always the same for the same ARN.</summary>
    public static string Of(string prefix, string arn) => prefix + Letters(SHA256.HashData(Encoding.UTF8.GetBytes(arn)).AsSpan(0, 17));

    /// <summary>20 characters, the length of an access key id.</summary>
    public static string Random(string prefix) => prefix + Letters(RandomNumberGenerator.GetBytes(16));

    private static string Letters(ReadOnlySpan<byte> bytes)
    {
        StringBuilder letters = new(bytes.Length);
        foreach (byte b in bytes)
            letters.Append(Alphabet[b % Alphabet.Length]);
        return letters.ToString();
    }
}
