using System.Collections.Generic;
using System.Text;

namespace StsSimulator;

/// <summary>An IAM user and its one long-term access key.</summary>
public sealed record SimulatedUser
{
    public required string AccountId { get; init; }

    public required string Name { get; init; }

    public required string AccessKeyId { get; init; }

    public required string SecretAccessKey { get; init; }

    public string Partition { get; init; } = "aws";

    /// <summary>The serial number of the user's MFA device; null: there is none.</summary>
    public string? MfaSerial { get; init; }

    /// <summary>The codes that the device shows, each good once.</summary>
    public IReadOnlyList<string> MfaCodes { get; init; } = [];

    public string Arn => $"arn:{Partition}:iam::{AccountId}:user/{Name}";

    public string UserId => UniqueId.Of("AIDA", Arn);

    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Arn = ").Append(Arn).Append(", AccessKeyId = ").Append(AccessKeyId).Append(", SecretAccessKey = (redacted)");
        return true;
    }
}
