using System;

namespace CredBroker.Credentials;

/// <summary>How long STS may take.</summary>
/// <param name="Flight">All of it: finding the host's identity, every call, the SDK's retries.</param>
/// <param name="Attempt">One attempt of one call; a connection that died is not waited for longer.</param>
internal sealed record StsLimits(TimeSpan Flight, TimeSpan Attempt)
{
    public static StsLimits Usual { get; } = new(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(5));
}
