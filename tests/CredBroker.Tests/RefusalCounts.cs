using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using CredBroker.Metrics;

namespace CredBroker.Tests;

/// <summary>What one broker counted as refused, by code.</summary>
internal sealed class RefusalCounts : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _counts = new();
    private readonly MeterListener _listener = new();

    public long this[string code] => _counts.GetValueOrDefault(code);

    /// <summary>Watches the meter that is made here, and not those of other tests' brokers, which have the same name.</summary>
    public BrokerMetrics Watch(Func<BrokerMetrics> make)
    {
        BrokerMetrics metrics = make();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter) && instrument.Name == "cred_broker.refusals") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags) _counts.AddOrUpdate((string)tag.Value!, value, (_, before) => before + value);
        });
        _listener.Start();
        return metrics;
    }

    public void Dispose() => _listener.Dispose();
}
