using System;
using CredBroker.Audit;
using CredBroker.Credentials;
using CredBroker.Grants;
using CredBroker.Metrics;
using CredBroker.Sessions;

namespace CredBroker.Broker;

/// <summary>What the endpoints of a broker work with.</summary>
internal sealed record BrokerServices(SessionTable Sessions, FindGrant FindGrant, RoleCredentialCache Cache, IAuditTrail Audit, BrokerMetrics Metrics, BrokerLog Log, TimeProvider Clock);
