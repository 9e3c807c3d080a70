using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Text;
using System.Threading;

namespace CredBroker.Metrics;

/// <summary>
/// What a meter has counted as Prometheus text, exposition format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/.
/// Names and units as OpenTelemetry translates them: dots to underscores, <c>_seconds</c>, <c>_total</c>.
/// </summary>
internal sealed class PrometheusText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public PrometheusText(BrokerMetrics metrics)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter)) listener.EnableMeasurementEvents(instrument, Add(instrument));
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Record(value, tags, family));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Record(value, tags, family));
        _listener.Start();
        metrics.Begin();
    }

    /// <summary>All of it, as it is now: the body of <c>GET /metrics</c>.</summary>
    public string Write()
    {
        lock (_lock)
        {
            foreach (MetricFamily family in _families.Values) family.ForgetObserved();
        }

        _listener.RecordObservableInstruments();
        StringBuilder text = new(4096);
        lock (_lock)
        {
            foreach (MetricFamily family in _families.Values) family.Write(text);
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private MetricFamily Add(Instrument instrument)
    {
        MetricFamily family = MetricFamily.Of(instrument);
        lock (_lock) return _families[family.Name] = family;
    }

    private void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? family)
    {
        lock (_lock) ((MetricFamily)family!).Record(value, tags);
    }
}
