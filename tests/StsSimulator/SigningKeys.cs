using System.Collections.Concurrent;
using System.Collections.Generic;

namespace StsSimulator;

/// <summary>Every key that signs: the configured ones and those issued here. Expired ones stay, to be told so.</summary>
internal sealed class SigningKeys
{
    private readonly ConcurrentDictionary<string, SigningKey> keys = new();

    public SigningKeys(IEnumerable<SimulatedUser> users)
    {
        foreach (SimulatedUser user in users)
            keys[user.AccessKeyId] = new SigningKey(user.AccessKeyId, user.SecretAccessKey, Caller.Of(user));
    }

    public SigningKey? Find(string accessKeyId) => keys.GetValueOrDefault(accessKeyId);

    public void Add(IssuedCredentials credentials, Caller caller) =>
        keys[credentials.AccessKeyId] = new SigningKey(credentials.AccessKeyId, credentials.SecretAccessKey, caller)
        {
            SessionToken = credentials.SessionToken,
            Expiration = credentials.Expiration,
        };
}
