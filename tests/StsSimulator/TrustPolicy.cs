using System;
using System.Linq;

namespace StsSimulator;

/// <summary>Whether a role lets a caller in, on the terms that the caller asks for.</summary>
internal static class TrustPolicy
{
    private const int MaxChainedDuration = 3600;

    /// <summary>Null if the caller may have the role. An unknown role and one that says no look the same, as in AWS.</summary>
    public static StsError? Refusal(SimulatedRole? role, Caller caller, AssumeRoleParameters request)
    {
        if (role is null || !Trusts(role, caller) || (role.ExternalId is not null && role.ExternalId != request.ExternalId))
            return StsError.NotAuthorized(caller, "sts:AssumeRole", request.RoleArnText);
        if (role.RequiresMfa && !(caller.HasMfa || request.Mfa.IsGiven))
            return StsError.NotAuthorized(caller, "sts:AssumeRole", request.RoleArnText);
        string? sourceIdentity = request.SourceIdentity ?? caller.SourceIdentity;
        if (sourceIdentity is not null && (!role.AllowsSourceIdentity || sourceIdentity != (caller.SourceIdentity ?? sourceIdentity)))
            return StsError.NotAuthorized(caller, "sts:SetSourceIdentity", role.Arn);
        if (request.Tags.Tags.Count + caller.TransitiveTagKeys.Count > 0 && !role.AllowsTags)
            return StsError.NotAuthorized(caller, "sts:TagSession", role.Arn);
        if (request.Tags.Tags.Any(tag => caller.TransitiveTagKeys.Contains(tag.Key, StringComparer.OrdinalIgnoreCase)))
            return StsError.InvalidParameterValue("One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.");
        if (caller.Kind == CallerKind.AssumedRole && request.DurationSeconds > MaxChainedDuration)
            return StsError.Validation("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
        if (request.DurationSeconds > role.MaxSessionDuration.TotalSeconds)
            return StsError.Validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        return null;
    }

    private static bool Trusts(SimulatedRole role, Caller caller) => role.TrustedPrincipals.Any(principal =>
        principal == caller.Arn || principal == caller.RoleArn || principal == caller.AccountRootArn);
}
