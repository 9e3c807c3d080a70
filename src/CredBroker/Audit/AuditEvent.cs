using System;

namespace CredBroker.Audit;

/// <summary>What the audit keeps. How a line names it: <see cref="AuditKinds"/>.</summary>
internal enum AuditKind
{
    CredentialsIssued,
    RequestRefused,
    SessionCreated,
    SessionEnded,
    SessionRevoked,
    GrantStored,
    GrantRevoked,

    /// <summary>The trail's own: the line before was cut by a power cut or a kill while it was written.</summary>
    TailRecovered,

    /// <summary>The trail's own: so many events before this line could not be kept.</summary>
    EventsLost,
}

/// <summary>One thing that happened. No field of it takes a secret.</summary>
/// <param name="Session">The session's id; null where the token is of none.</param>
/// <param name="Grant">The grant's name; of a session: its grants, with spaces between.</param>
/// <param name="AccessKeyId">Of what was issued: AWS prints it in CloudTrail, it is no secret.</param>
/// <param name="Code">Of a refusal: its <see cref="Failure.Code"/>; of an end: why.</param>
/// <param name="Path">Of a refusal: what was asked for, without its query.</param>
/// <param name="Count">Of repeats that share this line: how many; of a cut line: its bytes.</param>
/// <param name="CutHash">Of a cut line: the SHA-256 of its bytes.</param>
internal sealed record AuditEvent(
    AuditKind Kind,
    string? Session = null,
    string? Grant = null,
    string? RoleArn = null,
    string? AccessKeyId = null,
    DateTimeOffset? Expiration = null,
    string? Code = null,
    string? Path = null,
    long? Count = null,
    string? CutHash = null);
