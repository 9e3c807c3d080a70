using System;
using System.Diagnostics.Metrics;

namespace CredBroker.Metrics;

/// <summary>What the broker counts, as one meter.</summary>
internal sealed class BrokerMetrics : IDisposable
{
    public const string MeterName = "CredBroker";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _issuances;
    private readonly Counter<long> _refusals;

    public BrokerMetrics()
    {
        _issuances = _meter.CreateCounter<long>("cred_broker.issuances");
        _refusals = _meter.CreateCounter<long>("cred_broker.refusals");
    }

    /// <summary>Credentials have left the broker.</summary>
    public void Issued(string grant) => _issuances.Add(1, new System.Collections.Generic.KeyValuePair<string, object?>("grant", grant));

    /// <param name="code">The <see cref="Failure.Code"/>.</param>
    public void Refused(string code) => _refusals.Add(1, new System.Collections.Generic.KeyValuePair<string, object?>("code", code));

    public void Dispose() => _meter.Dispose();
}
