using System;
using System.Linq;
using System.Reflection;
using OpenTelemetry;
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
        if (WhyNot(asked, variable) is not string why) return new Export();
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
        private readonly MeterProvider _provider;

        public Export()
        {
            string version = typeof(OtlpExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            // From empty: what detectors and OTEL_RESOURCE_ATTRIBUTES know of this host is not ours to send.
            ResourceBuilder resource = ResourceBuilder.CreateEmpty().AddService("cred-broker", serviceVersion: version, autoGenerateServiceInstanceId: false);
            _provider = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(BrokerMetrics.MeterName).AddOtlpExporter().Build();
        }

        public void Dispose()
        {
            _provider.Shutdown(FlushMilliseconds);
            _provider.Dispose();
        }
    }
}
