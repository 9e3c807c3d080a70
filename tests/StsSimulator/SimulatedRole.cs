using System;
using System.Collections.Generic;

namespace StsSimulator;

/// <summary>A role and what its trust policy says.</summary>
public sealed record SimulatedRole
{
    /// <summary><c>arn:partition:iam::account:role/path/name</c></summary>
    public required string Arn { get; init; }

    /// <summary>
    /// ARNs of users, of roles, of role sessions, or <c>arn:partition:iam::account:root</c> for everybody in that account.
    /// </summary>
    public required IReadOnlyList<string> TrustedPrincipals { get; init; }

    /// <summary>The external id that callers must name; null where the trust policy asks for none.</summary>
    public string? ExternalId { get; init; }

    /// <summary>1 to 12 hours; AWS's own default is one.</summary>
    public TimeSpan MaxSessionDuration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether the trust policy allows <c>sts:SetSourceIdentity</c>.</summary>
    public bool AllowsSourceIdentity { get; init; }

    /// <summary>Whether the trust policy allows <c>sts:TagSession</c>.</summary>
    public bool AllowsTags { get; init; }

    /// <summary>Whether the trust policy asks for <c>aws:MultiFactorAuthPresent</c>.</summary>
    public bool RequiresMfa { get; init; }

    public string RoleId => UniqueId.Of("AROA", Arn);
}
