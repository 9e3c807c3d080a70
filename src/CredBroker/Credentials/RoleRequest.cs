using CredBroker.Grants;

namespace CredBroker.Credentials;

/// <summary>Everything that shapes the credentials: the key of the cache and the parameters of the call.</summary>
/// <param name="SessionName">2–64 of <c>[A-Za-z0-9_+=,.@-]</c>; CloudTrail shows it.</param>
internal sealed record RoleRequest(string RoleArn, string Region, int DurationSeconds, string? ExternalId, string? AwsProfile, string SessionName)
{
    public const string SessionNamePrefix = "cred-broker-";

    /// <param name="sessionId">Ends the session name, so that CloudTrail names the run.</param>
    public static RoleRequest For(Grant grant, string sessionId) =>
        new(grant.RoleArn, grant.Region, grant.DurationSeconds, grant.ExternalId, grant.AwsProfile, SessionNamePrefix + sessionId);
}
