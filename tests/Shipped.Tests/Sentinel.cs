using System;
using System.Text;

namespace Shipped.Tests;

/// <summary>Secrets that stand out, wherever they come out.</summary>
internal static class Sentinel
{
    public const string Token = "TOKENSENTINEL-5f0c2b7d9e-._~+/=";
    public const string Secret = "SECRETSENTINEL/8a1d+e4";
    public const string Session = "SESSIONSENTINEL//c7b2==";

    /// <summary>A credential_process document, as a broker sends it and as the helper prints it.</summary>
    public const string Document =
        $$"""{"Version":1,"AccessKeyId":"ASIAIOSFODNN7EXAMPLE","SecretAccessKey":"{{Secret}}","SessionToken":"{{Session}}","Expiration":"2099-01-01T00:00:00Z"}""";

    /// <summary>Not even 8 bytes in a row of the token, and no beginning of the others.</summary>
    public static void AssertNotIn(byte[] stream)
    {
        string text = Encoding.UTF8.GetString(stream);
        for (int i = 0; i + 8 <= Token.Length; i++) Assert.DoesNotContain(Token.Substring(i, 8), text, StringComparison.Ordinal);
        foreach (string secret in (string[])[Token, Secret, Session]) Assert.DoesNotContain(secret[..8], text, StringComparison.Ordinal);
    }
}
