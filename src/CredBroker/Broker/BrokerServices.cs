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
    public SessionCredentials Credentials { get; } = new(Cache, Sessions);

    /// <summary>The metrics as text, for the control socket; null: there are none.</summary>
    public Func<string>? MetricsText { get; init; }

    /// <summary>What the meter shows and does not count itself.</summary>
    public void Observe()
    {
        Metrics.Sessions = () => Sessions.Count;
        Metrics.Expiries = Cache.Expiries;
    }
}
