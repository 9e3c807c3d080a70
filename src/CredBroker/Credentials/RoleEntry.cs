using System;
using System.Threading;
using System.Threading.Tasks;

namespace CredBroker.Credentials;

/// <summary>What the cache knows of one role request. Only under the cache's lock.</summary>
internal sealed class RoleEntry
{
    public AwsCredentials? Credentials;
    public Task<AssumeRoleResult>? Flight;
    public Failure? LastFailure;
    public int Failures;
    public DateTimeOffset NotBefore;
    public ITimer? Renewal;
    public bool WasHeld;

    /// <summary>All who hold it, and those of them for whom it is renewed whether anybody asks or not.</summary>
    public int Holders, FirmHolders;

    /// <summary>Whether anybody has asked for the credentials that are here; and during the flight that is under way, for those that it brings.</summary>
    public bool WasAsked, WasAskedInFlight;

    /// <summary>Its sessions have all ended.</summary>
    public bool IsAbandoned => WasHeld && Holders == 0;
}
