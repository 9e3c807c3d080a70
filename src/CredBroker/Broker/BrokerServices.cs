using System;
using CredBroker.Audit;
using CredBroker.Credentials;
using CredBroker.Grants;
using CredBroker.Metrics;
using CredBroker.Sessions;

namespace CredBroker.Broker;

/// <summary>What the endpoints of a broker work with.</summary>
internal sealed record BrokerServices(SessionTable Sessions, FindGrant FindGrant, RoleCredentialCache Cache, IAuditTrail Audit, BrokerMetrics Metrics, BrokerLog Log, TimeProvider Clock)
{
    /// <summary>What requests get theirs from.</summary>
    public SessionCredentials Credentials { get; } = new(Cache, Sessions, FindGrant);

    /// <summary>The metrics as text, for the control socket; null: there are none.</summary>
    public Func<string>? MetricsText { get; init; }

    /// <summary>Whether <see cref="FindGrant"/> tells of grants as they were, since nobody can read them any more.</summary>
    public Func<bool> GrantsAreStale { get; init; } = () => false;

    /// <summary>What keeps a role from being assumed that asks for MFA; null: nothing.</summary>
    public WhyNotLoggedIn WhyNotLoggedIn { get; init; } = _ => null;

    /// <summary>What the meter shows and does not count itself.</summary>
    public void Observe()
    {
        Metrics.Sessions = () => Sessions.Count;
        Metrics.Expiries = Cache.Expiries;
    }
}
