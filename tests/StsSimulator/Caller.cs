using System.Collections.Generic;

namespace StsSimulator;

internal enum CallerKind
{
    User,
    UserSession,
    AssumedRole,
}

/// <summary>Who signed a request.</summary>
internal sealed record Caller
{
    public required CallerKind Kind { get; init; }

    public required string Arn { get; init; }

    public required string Partition { get; init; }

    public required string AccountId { get; init; }

    public required string UserId { get; init; }

    /// <summary>The role behind an assumed-role session; null for users.</summary>
    public string? RoleArn { get; init; }

    /// <summary>Whether a code of an MFA device began the session.</summary>
    public bool HasMfa { get; init; }

    /// <summary>The user behind the key or session; null for roles.</summary>
    public SimulatedUser? User { get; init; }

    /// <summary>What the session hands on to the next role.</summary>
    public IReadOnlyList<string> TransitiveTagKeys { get; init; } = [];

    /// <summary>Set once, and never changed in what follows.</summary>
    public string? SourceIdentity { get; init; }

    public string AccountRootArn => $"arn:{Partition}:iam::{AccountId}:root";

    public static Caller Of(SimulatedUser user) => new()
    {
        Kind = CallerKind.User,
        Arn = user.Arn,
        Partition = user.Partition,
        AccountId = user.AccountId,
        UserId = user.UserId,
        User = user,
    };
}
