using System;

namespace CredBroker.Credentials;

/// <summary>Temporary credentials of a role, as STS issued them. Never printed: <see cref="ToString"/> is redacted.</summary>
/// <param name="AccountId">The role's account: 12 digits.</param>
/// <param name="AssumedRoleArn">Names the role and the session, as CloudTrail does.</param>
internal sealed record AwsCredentials(string AccessKeyId, string SecretAccessKey, string SessionToken, DateTimeOffset Expiration, string AccountId, string AssumedRoleArn)
{
    public override string ToString() => $"AwsCredentials {{ AccessKeyId = ****{AccessKeyId[^Math.Min(4, AccessKeyId.Length)..]}, Expiration = {Expiration:O} }}";
}
