using System;
using System.Text;

namespace StsSimulator;

/// <summary>An access key that the simulator accepts, and whom it stands for.</summary>
internal sealed record SigningKey(string AccessKeyId, string SecretAccessKey, Caller Caller)
{
    /// <summary>Null for long-term keys.</summary>
    public string? SessionToken { get; init; }

    /// <summary>Null for long-term keys.</summary>
    public DateTimeOffset? Expiration { get; init; }

    private bool PrintMembers(StringBuilder text)
    {
        text.Append("AccessKeyId = ").Append(AccessKeyId).Append(", Caller = ").Append(Caller.Arn).Append(", SecretAccessKey = (redacted)");
        return true;
    }
}
