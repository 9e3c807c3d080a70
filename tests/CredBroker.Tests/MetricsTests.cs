using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using CredBroker.Credentials;
using CredBroker.Metrics;
using Shipped.Tests;
using StsSimulator.Tests;

namespace CredBroker.Tests;

/// <summary>What is counted, as Prometheus reads it.</summary>
public sealed class MetricsTests : IDisposable
{
    private readonly BrokerMetrics _metrics = new();
    private readonly PrometheusText _text;

    public MetricsTests() => _text = new PrometheusText(_metrics);

    public void Dispose()
    {
        _text.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public void Text()
    {
        _metrics.Issued("reader");
        _metrics.Issued("reader");
        _metrics.Issued("writer");
        _metrics.Refused("Unauthorized");
        _metrics.CacheHit();
        _metrics.FlightStarted();
        _metrics.FlightStarted();
        _metrics.FlightEnded(TimeSpan.FromMilliseconds(50), null);
        _metrics.FlightStarted();
        _metrics.FlightEnded(TimeSpan.FromSeconds(40), "Throttling");
        _metrics.AuditFailed(3);
        _metrics.Sessions = () => 7;
        _metrics.Expiries = () => [("arn:a", TimeSpan.FromMinutes(40)), ("arn:b", TimeSpan.FromSeconds(90.5)), ("arn:a", TimeSpan.FromMinutes(30))];

        string text = _text.Write();

        ExpositionText.Parse(text);
        Snapshot.Match(text);
    }

    [Fact]
    public void Before_anything_has_happened_it_can_be_read_and_what_has_no_label_is_zero()
    {
        IReadOnlyDictionary<string, double> samples = ExpositionText.Parse(_text.Write());

        Assert.Equal(
            ["cred_broker_audit_failures_total", "cred_broker_cache_hits_total", "cred_broker_cache_misses_total", "cred_broker_sessions", "cred_broker_sts_flights"],
            samples.Keys.Order(StringComparer.Ordinal));
        Assert.All(samples.Values, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Labels_are_escaped()
    {
        _metrics.Issued("a\\b\"c\nd}é");

        Assert.Equal(1, ExpositionText.Parse(_text.Write())["""cred_broker_issuances_total{grant="a\\b\"c\nd}é"}"""]);
    }

    [Fact]
    public void Labels_that_somebody_makes_up_fill_no_memory()
    {
        for (int number = 0; number < 10_000; number++) _metrics.Refused($"Code{number}");

        Dictionary<string, double> refusals = ExpositionText.Parse(_text.Write()).Where(sample => sample.Key.StartsWith("cred_broker_refusals", StringComparison.Ordinal)).ToDictionary();
        Assert.Equal((201, 10_000), (refusals.Count, refusals.Values.Sum()));
        Assert.Equal(9_800, refusals["cred_broker_refusals_total{code=\"other\"}"]);
    }

    [Fact]
    public void What_is_not_there_any_more_is_not_told()
    {
        _metrics.Expiries = () => [("arn:a", TimeSpan.FromMinutes(1))];
        Assert.Contains("arn:a", _text.Write(), StringComparison.Ordinal);
        _metrics.Expiries = () => [];

        Assert.DoesNotContain("arn:a", _text.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_brokers_meter_is_not_counted()
    {
        using BrokerMetrics other = new();
        other.CacheHit();

        Assert.Equal(0, ExpositionText.Parse(_text.Write())["cred_broker_cache_hits_total"]);
    }

    [Fact]
    public async Task The_cache_tells_hits_flights_calls_and_expiries()
    {
        FakeClock clock = new();
        ScriptedSts sts = new();
        await using RoleCredentialCache cache = new(sts.AssumeAsync, clock, new CollectedLog().Broker, _metrics);
        _metrics.Expiries = cache.Expiries;
        Task<AssumeRoleResult> asked = cache.GetAsync(Some.Request, TimeSpan.FromSeconds(1), default).AsTask();
        ScriptedSts.Flight flight = await sts.NextAsync();
        Assert.Equal(1, Sample("cred_broker_sts_flights"));
        flight.End(new AssumeRoleResult(Some.Credentials(clock.GetUtcNow() + TimeSpan.FromHours(1))));
        await asked;
        await cache.GetAsync(Some.Request, TimeSpan.FromSeconds(1), default);
        clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(
            (1, 1, 0, 1, 1, 3000),
            (Sample("cred_broker_cache_hits_total"), Sample("cred_broker_cache_misses_total"), Sample("cred_broker_sts_flights"), Sample("cred_broker_sts_calls_total{outcome=\"ok\"}"),
                Sample("cred_broker_sts_call_duration_seconds_count"), Sample($"cred_broker_credentials_expiry_seconds{{role=\"{Some.Role}\"}}")));
    }

    private double Sample(string name) => ExpositionText.Parse(_text.Write())[name];
}
