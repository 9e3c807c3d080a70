using System;
using System.Security.Cryptography;
using System.Text;

namespace StsSimulator;

/// <summary>Temporary credentials, random each time.</summary>
internal sealed record IssuedCredentials(string AccessKeyId, string SecretAccessKey, string SessionToken, DateTimeOffset Expiration)
{
    public static IssuedCredentials Issue(DateTimeOffset now, int durationSeconds) => new(
        UniqueId.Random("ASIA"),
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(30)),
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(264)),
        // STS counts in whole seconds.
        DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() + durationSeconds));

    private bool PrintMembers(StringBuilder text)
    {
        text.Append("AccessKeyId = ").Append(AccessKeyId).Append(", Expiration = ").Append(Expiration)
            .Append(", SecretAccessKey = (redacted), SessionToken = (redacted)");
        return true;
    }
}
