using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Linq;
using System.Text;

namespace CredBroker.Metrics;

/// <summary>One instrument's series by their labels, as they are written. Not safe for several threads.</summary>
internal sealed class MetricFamily
{
    /// <summary>Against filling memory with labels that a client chooses: what comes beyond is counted as <see cref="Other"/>.</summary>
    private const int MostSeries = 200;

    private const string Other = "other";

    private readonly string _type, _help;
    private readonly bool _isObserved;
    private readonly double[] _bounds;
    private readonly Dictionary<string, Series> _series = new(StringComparer.Ordinal);

    private MetricFamily(string name, string type, string help, bool isObserved, double[] bounds)
    {
        (Name, _type, _help, _isObserved, _bounds) = (name, type, help, isObserved, bounds);
    }

    public string Name { get; }

    public static MetricFamily Of(Instrument instrument)
    {
        string type = instrument switch
        {
            Counter<long> or ObservableCounter<long> => "counter",
            Histogram<double> => "histogram",
            _ => "gauge",
        };
        // A unit in braces is a word for what is counted, and no part of the name.
        string name = instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "") + (type == "counter" ? "_total" : "");
        double[] bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries is { } advised ? [.. advised, double.PositiveInfinity] : [double.PositiveInfinity];
        return new MetricFamily(name, type, instrument.Description ?? instrument.Name, instrument.IsObservable, bounds);
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = Labels(tags, replacement: null);
        if (!_series.TryGetValue(labels, out Series? series))
        {
            if (_series.Count >= MostSeries) labels = Labels(tags, Other);
            if (!_series.TryGetValue(labels, out series)) _series[labels] = series = new Series(_bounds.Length);
        }

        // What is observed was forgotten before, so that this adds up only what shares a label: the others.
        series.Value += value;
        if (_type != "histogram") return;
        series.Count++;
        int bucket = 0;
        while (value > _bounds[bucket]) bucket++;
        series.Buckets[bucket]++;
    }

    /// <summary>What is asked for anew at every look: what is not there any more is not told.</summary>
    public void ForgetObserved()
    {
        if (_isObserved) _series.Clear();
    }

    public void Write(StringBuilder text)
    {
        text.Append("# HELP ").Append(Name).Append(' ').Append(_help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(' ').Append(_type).Append('\n');
        foreach ((string labels, Series series) in _series.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (_type != "histogram")
            {
                Line(text, "", labels, series.Value);
                continue;
            }

            long below = 0;
            for (int bucket = 0; bucket < _bounds.Length; bucket++)
            {
                below += series.Buckets[bucket];
                Line(text, "_bucket", $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{Number(_bounds[bucket])}\"", below);
            }

            Line(text, "_sum", labels, series.Value);
            Line(text, "_count", labels, series.Count);
        }
    }

    private void Line(StringBuilder text, string suffix, string labels, double value)
    {
        text.Append(Name).Append(suffix);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags, string? replacement)
    {
        if (tags.Length == 0) return "";
        StringBuilder text = new();
        foreach ((string name, object? value) in tags)
        {
            string shown = (replacement ?? value?.ToString() ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            text.Append(text.Length > 0 ? "," : "").Append(name.Replace('.', '_')).Append("=\"").Append(shown).Append('"');
        }

        return text.ToString();
    }

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private sealed class Series(int buckets)
    {
        public double Value;
        public long Count;
        public readonly long[] Buckets = new long[buckets];
    }
}
