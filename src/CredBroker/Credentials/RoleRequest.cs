using System;
using CredBroker.Grants;

namespace CredBroker.Credentials;

/// <summary>Everything that shapes the credentials: the key of the cache and the parameters of the call.</summary>
/// <param name="SessionName">2–64 of <c>[A-Za-z0-9_+=,.@-]</c>; CloudTrail shows it.</param>
internal sealed record RoleRequest(string RoleArn, string Region, int DurationSeconds, string? ExternalId, string? AwsProfile, string SessionName)
{
    public string? Policy { get; init; }

    public ValueList<string>? PolicyArns { get; init; }

    public ValueList<SessionTag>? Tags { get; init; }

    public ValueList<string>? TransitiveTagKeys { get; init; }

    public string? SourceIdentity { get; init; }

    /// <summary>The device of the source identity whose code is asked for; null: none.</summary>
    public string? MfaSerial { get; init; }

    /// <param name="sessionId">Ends the session name, so that CloudTrail names the run.</param>
    public static RoleRequest For(Grant grant, string sessionId)
    {
        string name = $"{grant.SessionNamePrefix ?? Grants.SessionName.DefaultPrefix}-{sessionId}";
        return new(grant.RoleArn, grant.Region, grant.DurationSeconds, grant.ExternalId, grant.AwsProfile, name[..Math.Min(name.Length, Grants.SessionName.Longest)])
        {
            Policy = grant.SentPolicy,
            PolicyArns = grant.PolicyArns,
            Tags = grant.Tags,
            TransitiveTagKeys = grant.TransitiveTagKeys,
            SourceIdentity = grant.SourceIdentity,
            MfaSerial = grant.MfaSerial,
        };
    }
}
