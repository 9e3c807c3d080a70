using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;

namespace CredBroker.Metrics;

/// <summary>What the broker counts, as one meter, by OpenTelemetry's naming: https://opentelemetry.io/docs/specs/semconv/general/naming/.</summary>
internal sealed class BrokerMetrics : IDisposable
{
    public const string MeterName = "CredBroker";

    /// <summary>From a warm STS in the same region to the limits of its slowest calls.</summary>
    private static readonly InstrumentAdvice<double> StsBuckets = new() { HistogramBucketBoundaries = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 5, 10, 20, 30] };

    // What every request counts is counted here, and looked at when somebody wants to know: a counter of the meter would tell its listeners each time.
    private readonly ConcurrentDictionary<string, StrongBox<long>> _issuances = new(StringComparer.Ordinal);
    private long _cacheHits;

    private readonly Counter<long> _refusals, _cacheMisses, _stsCalls, _auditFailures;
    private readonly UpDownCounter<long> _flights;
    private readonly Histogram<double> _stsDuration;

    public BrokerMetrics()
    {
        Meter.CreateObservableCounter("cred_broker.issuances", () => _issuances.Select(grant => new Measurement<long>(Volatile.Read(ref grant.Value.Value), new KeyValuePair<string, object?>("grant", grant.Key))), "{issuance}", "Answers with credentials, by grant.");
        _refusals = Meter.CreateCounter<long>("cred_broker.refusals", "{refusal}", "Requests that were refused, by the error's code.");
        Meter.CreateObservableCounter("cred_broker.cache.hits", () => Volatile.Read(ref _cacheHits), "{request}", "Requests that were answered from the cache.");
        _cacheMisses = Meter.CreateCounter<long>("cred_broker.cache.misses", "{request}", "Requests that had to wait for STS, or were told to ask again.");
        _stsCalls = Meter.CreateCounter<long>("cred_broker.sts.calls", "{call}", "Calls of STS AssumeRole, by outcome: ok, or the error's code.");
        _stsDuration = Meter.CreateHistogram("cred_broker.sts.call.duration", "s", "How long calls of STS AssumeRole took.", advice: StsBuckets);
        _flights = Meter.CreateUpDownCounter<long>("cred_broker.sts.flights", "{call}", "Calls of STS AssumeRole that are under way.");
        _auditFailures = Meter.CreateCounter<long>("cred_broker.audit.failures", "{event}", "Events that could not be written to the audit.");
        Meter.CreateObservableGauge("cred_broker.sessions", () => (long)(Sessions?.Invoke() ?? 0), "{session}", "Sessions that are alive.");
        Meter.CreateObservableGauge("cred_broker.credentials.expiry", ObserveExpiries, "s", "Seconds until the credentials in the cache expire, by role: the least.");
    }

    public Meter Meter { get; } = new(MeterName);

    /// <summary>How many sessions are alive; set by whoever keeps them.</summary>
    public Func<int>? Sessions { get; set; }

    /// <summary>The roles with credentials in the cache, and how long each has; set by whoever keeps them.</summary>
    public Func<IEnumerable<(string RoleArn, TimeSpan Left)>>? Expiries { get; set; }

    /// <summary>Credentials have left the broker.</summary>
    public void Issued(string grant) => Interlocked.Increment(ref (_issuances.TryGetValue(grant, out StrongBox<long>? count) ? count : _issuances.GetOrAdd(grant, _ => new StrongBox<long>())).Value);

    /// <param name="code">The <see cref="Failure.Code"/>.</param>
    public void Refused(string code) => _refusals.Add(1, new KeyValuePair<string, object?>("code", code));

    public void CacheHit() => Interlocked.Increment(ref _cacheHits);

    public void CacheMissed() => _cacheMisses.Add(1);

    public void FlightStarted() => _flights.Add(1);

    /// <param name="failure">Its <see cref="Failure.Code"/>; null: it went well.</param>
    public void FlightEnded(TimeSpan took, string? failure)
    {
        _flights.Add(-1);
        _stsDuration.Record(took.TotalSeconds);
        _stsCalls.Add(1, new KeyValuePair<string, object?>("outcome", failure ?? "ok"));
    }

    /// <summary>Tells what has not happened as zero to whoever listens from now on: a rate, and an alarm on it, then sees the first one.</summary>
    public void Begin()
    {
        foreach (Counter<long> counter in (Counter<long>[])[_cacheMisses, _auditFailures]) counter.Add(0);
        _flights.Add(0);
    }

    public void AuditFailed(long events) => _auditFailures.Add(events);

    public void Dispose() => Meter.Dispose();

    private IEnumerable<Measurement<double>> ObserveExpiries()
    {
        Dictionary<string, double> least = [];
        foreach ((string role, TimeSpan left) in Expiries?.Invoke() ?? [])
        {
            if (!least.TryGetValue(role, out double known) || left.TotalSeconds < known) least[role] = left.TotalSeconds;
        }

        foreach ((string role, double seconds) in least) yield return new Measurement<double>(seconds, new KeyValuePair<string, object?>("role", role));
    }
}
