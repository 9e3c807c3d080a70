using System;

namespace CredBroker.Audit;

/// <summary>What the audit keeps.</summary>
internal enum AuditKind
{
    CredentialsIssued,
    RequestRefused,
    SessionCreated,
    SessionEnded,
    SessionRevoked,
    GrantStored,
    GrantRevoked,
}

/// <summary>One thing that happened. No field of it takes a secret.</summary>
/// <param name="Session">The session's id; null where the token is of none.</param>
/// <param name="Grant">The grant's name.</param>
/// <param name="AccessKeyId">Of what was issued: AWS prints it in CloudTrail, it is no secret.</param>
/// <param name="Code">Of a refusal: its <see cref="Failure.Code"/>; of an end: why.</param>
/// <param name="Path">Of a refusal: what was asked for.</param>
internal sealed record AuditEvent(
    AuditKind Kind,
    string? Session = null,
    string? Grant = null,
    string? RoleArn = null,
    string? AccessKeyId = null,
    DateTimeOffset? Expiration = null,
    string? Code = null,
    string? Path = null);
