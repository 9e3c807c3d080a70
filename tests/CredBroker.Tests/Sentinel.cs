namespace CredBroker.Tests;

/// <summary>Secrets that stand out, wherever they come out.</summary>
internal static class Sentinel
{
    public const string Secret = "SECRETSENTINEL/8a1d+e4";
    public const string Session = "SESSIONSENTINEL//c7b2==";

    /// <summary>The key by which the host signs.</summary>
    public const string HostSecret = "HOSTSENTINEL/3f9c+0b";

    public static void AssertNotIn(string text)
    {
        foreach (string secret in (string[])[Secret, Session, HostSecret]) Assert.DoesNotContain(secret[..8], text, System.StringComparison.Ordinal);
    }
}
