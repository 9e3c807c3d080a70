using System;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Threading;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace CredBroker.Metrics;

/// <summary>Sends the metrics to an OpenTelemetry collector, where the environment names one: https://opentelemetry.io/docs/specs/otel/protocol/exporter/.</summary>
internal static class OtlpExport
{
    /// <summary>Whoever runs this set them for us, so the exporter itself reads the rest: protocol, headers, interval.</summary>
    private static readonly string[] Endpoints = ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

    private static readonly string[] Protocols = ["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"];

    /// <summary>Longer than a collector that is there needs, and short enough that an end of the program is not held up by one that is not.</summary>
    private const int FlushMilliseconds = 2000;

    /// <returns>Sends what is left when it is disposed; null: no collector is named, and nothing of OpenTelemetry has been loaded.</returns>
    public static IDisposable? StartIfAsked(Func<string, string?> variable, BrokerLog log)
    {
        bool isOff = string.Equals(variable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase) || variable("OTEL_METRICS_EXPORTER") == "none";
        if (isOff || Array.Find(Endpoints, name => !string.IsNullOrEmpty(variable(name))) is not string asked) return null;
        string? why = WhyNot(asked, variable);
        try
        {
            if (why is null) return new Export(asked, variable, log);
        }
        catch (Exception e)
        {
            // Whatever it is: the broker serves without. And not what it says: that may have a header's secret in it.
            why = $"the exporter does not take a setting of OTEL_EXPORTER_OTLP_… ({e.GetType().Name}): headers are key=value,key=value, a timeout is above 0, and certificates and keys are PEM files";
        }

        log.MetricsNotSent(why);
        return null;
    }

    /// <summary>The exporter itself says nothing, and sends nothing.</summary>
    private static string? WhyNot(string asked, Func<string, string?> variable)
    {
        if (!HttpUrl.IsOne(variable(asked))) return $"{asked} is no http or https URL";
        string? protocol = Array.Find(Protocols, name => !string.IsNullOrEmpty(variable(name)));
        return protocol is null || variable(protocol) is "grpc" or "http/protobuf" ? null : $"{protocol} is neither grpc nor http/protobuf";
    }

    /// <summary>Apart, so that the types of OpenTelemetry are looked at only where they are used.</summary>
    private sealed class Export : IDisposable
    {
        /// <summary>OpenTelemetry's, where its environment names no other: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/.</summary>
        private const int UsualInterval = 60_000;

        private readonly string _asked;
        private readonly BrokerLog _log;
        private readonly MeterProvider _provider;
        private readonly ManualResetEventSlim _ending = new();
        private readonly Thread _sender;
        private int _interval = UsualInterval;
        private bool _isFailing;

        public Export(string asked, Func<string, string?> variable, BrokerLog log)
        {
            (_asked, _log) = (asked, log);
            string version = typeof(OtlpExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            // From empty: what detectors and OTEL_RESOURCE_ATTRIBUTES know of this host is not ours to send.
            ResourceBuilder resource = ResourceBuilder.CreateEmpty().AddService("cred-broker", serviceVersion: version, autoGenerateServiceInstanceId: false);
            _provider = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(BrokerMetrics.MeterName).AddOtlpExporter(Configure).Build();
            // Not on the pool: a collector that hangs would hold a thread that requests wait for.
            _sender = new Thread(SendAll) { IsBackground = true, Name = "metrics" };
            _sender.Start();

            void Configure(OtlpExporterOptions exporter, MetricReaderOptions reader)
            {
                ReadOwn(exporter, variable);
                SendOurselves(reader.PeriodicExportingMetricReaderOptions);
            }
        }

        public void Dispose()
        {
            _ending.Set();
            if (!_sender.Join(FlushMilliseconds))
            {
                // A thread that a collector holds which hangs ends with the process.
                Note(isSent: false);
                return;
            }

            _provider.Shutdown(FlushMilliseconds);
            _provider.Dispose();
            _ending.Dispose();
        }

        /// <summary>What is set for metrics alone: the exporter reads what is set for all signals. Source: https://opentelemetry.io/docs/specs/otel/protocol/exporter/.</summary>
        private static void ReadOwn(OtlpExporterOptions exporter, Func<string, string?> variable)
        {
            if (Own("ENDPOINT") is { } endpoint) exporter.Endpoint = new Uri(endpoint);
            if (Own("PROTOCOL") is { } protocol) exporter.Protocol = protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
            if (Own("HEADERS") is { } headers) exporter.Headers = headers;
            if (int.TryParse(Own("TIMEOUT"), NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds)) exporter.TimeoutMilliseconds = milliseconds;

            string? Own(string name) => variable("OTEL_EXPORTER_OTLP_METRICS_" + name) is { Length: > 0 } value ? value : null;
        }

        /// <summary>The reader's own thread tells nobody whether the collector has taken what it sent; who flushes is told.</summary>
        private void SendOurselves(PeriodicExportingMetricReaderOptions reader)
        {
            _interval = reader.ExportIntervalMilliseconds is > 0 and int asked ? asked : UsualInterval;
            reader.ExportIntervalMilliseconds = int.MaxValue;
        }

        private void SendAll()
        {
            bool isEnding;
            do
            {
                isEnding = _ending.Wait(_interval);
                Note(_provider.ForceFlush());
            }
            while (!isEnding);
        }

        /// <summary>Says it once, and not every minute. Not the URL, which may hold a password.</summary>
        private void Note(bool isSent)
        {
            if (isSent && _isFailing) _log.MetricsSentAgain();
            if (!isSent && !_isFailing) _log.MetricsNotSent($"the collector that {_asked} names cannot be reached, or does not take them");
            _isFailing = !isSent;
        }
    }
}
