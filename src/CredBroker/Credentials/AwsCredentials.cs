using System;
using System.Text;

namespace CredBroker.Credentials;

/// <summary>
/// Temporary credentials of a role, as STS issued them. Never printed: <see cref="ToString"/> is redacted. The secrets are kept as the bytes that leave the
/// broker, which are half as many as those of a string.
/// </summary>
/// <param name="accountId">The role's account: 12 digits.</param>
/// <param name="assumedRoleArn">Names the role and the session, as CloudTrail does.</param>
internal sealed class AwsCredentials(string accessKeyId, string secretAccessKey, string sessionToken, DateTimeOffset expiration, string accountId, string assumedRoleArn)
{
    private readonly byte[] _secrets = Encoding.UTF8.GetBytes(secretAccessKey + sessionToken);
    private readonly int _keyLength = Encoding.UTF8.GetByteCount(secretAccessKey);

    public string AccessKeyId => accessKeyId;

    public ReadOnlySpan<byte> SecretAccessKey => _secrets.AsSpan(0, _keyLength);

    public ReadOnlySpan<byte> SessionToken => _secrets.AsSpan(_keyLength);

    public DateTimeOffset Expiration => expiration;

    public string AccountId => accountId;

    public string AssumedRoleArn => assumedRoleArn;

    public override string ToString() => $"AwsCredentials {{ AccessKeyId = ****{AccessKeyId[^Math.Min(4, AccessKeyId.Length)..]}, Expiration = {Expiration:O} }}";
}
