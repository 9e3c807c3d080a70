using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading.Channels;
using System.Threading.Tasks;
using CredBroker.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CredBroker.Tests;

/// <summary>OpenTelemetry's exporter against a collector on loopback.</summary>
[Collection(HostEnvironmentTests.Name)]
public sealed class OtlpExportTests : IDisposable
{
    private const string Silent = "Warning: metrics are not sent: the collector that OTEL_EXPORTER_OTLP_METRICS_ENDPOINT names cannot be reached, or does not take them";

    private volatile bool _takesAll;

    private readonly HostEnvironment _environment = new();

    public void Dispose() => _environment.Dispose();

    [Fact]
    public async Task Metrics_reach_a_collector_at_the_end_at_the_latest_and_nothing_of_the_host_does()
    {
        Channel<(string Path, string Body)> received = Channel.CreateUnbounded<(string, string)>();
        await using WebApplication collector = Collector(received);
        await collector.StartAsync();
        using BrokerMetrics metrics = new();
        CollectedLog log = new();
        Set(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = string.Join("", collector.Urls), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_RESOURCE_ATTRIBUTES"] = "host.name=secret-host", ["AWS_SECRET_ACCESS_KEY"] = Sentinel.HostSecret });

        using (IDisposable export = OtlpExport.StartIfAsked(Environment.GetEnvironmentVariable, log.Broker)!) metrics.Issued("reader");

        (string path, string body) = await received.Reader.ReadAsync().AsTask().WaitAsync(Patience.Test);
        Assert.Equal("/v1/metrics", path);
        foreach (string expected in (string[])["cred_broker.issuances", "reader", "service.name", "cred-broker", "service.version"]) Assert.Contains(expected, body, StringComparison.Ordinal);
        foreach (string other in (string[])["secret-host", Environment.MachineName, "service.instance.id", "telemetry.sdk", "process."]) Assert.DoesNotContain(other, body, StringComparison.Ordinal);
        Sentinel.AssertNotIn(body);
        Assert.Equal("", log.Text);
    }

    [Fact]
    public async Task What_is_set_for_metrics_alone_goes_before_what_is_set_for_all()
    {
        Channel<(string Path, string Body)> received = Channel.CreateUnbounded<(string, string)>();
        await using WebApplication collector = Collector(received);
        await collector.StartAsync();
        CollectedLog log = new();
        using BrokerMetrics metrics = new();
        Set(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "key=of-all",
            ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = $"{collector.Urls.First()}/own",
            ["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_METRICS_HEADERS"] = "key=of-metrics",
            ["OTEL_EXPORTER_OTLP_METRICS_TIMEOUT"] = "5000",
        });

        using (IDisposable export = OtlpExport.StartIfAsked(Environment.GetEnvironmentVariable, log.Broker)!) metrics.Issued("reader");

        Assert.Equal("/own?of-metrics", (await received.Reader.ReadAsync().AsTask().WaitAsync(Patience.Test)).Path);
        Assert.Equal("", log.Text);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "secret-without-its-key")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "a=b,secret-without-its-key")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "0")]
    [InlineData("OTEL_EXPORTER_OTLP_CERTIFICATE", "/nowhere/secret.pem")]
    [InlineData("OTEL_EXPORTER_OTLP_CERTIFICATE", "/etc/hostname")]
    [InlineData("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "/nowhere/secret.pem")]
    [InlineData("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "disk")]
    public void A_setting_that_the_exporter_does_not_take_stops_no_broker(string name, string value)
    {
        CollectedLog log = new();
        using BrokerMetrics metrics = new();
        Set(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "https://127.0.0.1:9", [name] = value });

        Assert.Null(OtlpExport.StartIfAsked(Environment.GetEnvironmentVariable, log.Broker));

        Assert.StartsWith("Warning: metrics are not sent: the exporter does not take a setting", Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interval_of_nothing_is_the_usual_one()
    {
        Channel<(string Path, string Body)> received = Channel.CreateUnbounded<(string, string)>();
        await using WebApplication collector = Collector(received);
        await collector.StartAsync();
        using BrokerMetrics metrics = new();
        Set(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.First(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_METRIC_EXPORT_INTERVAL"] = "0" });

        using (IDisposable export = OtlpExport.StartIfAsked(Environment.GetEnvironmentVariable, new CollectedLog().Broker)!) await Task.Delay(TimeSpan.FromMilliseconds(300));

        // At the end, and as many times as a flush and a shutdown make of it: not for all of the time before.
        Assert.InRange(received.Reader.Count, 1, 3);
    }

    [Theory]
    [InlineData("an endpoint that is no URL", "garbage", "grpc", "OTEL_EXPORTER_OTLP_ENDPOINT is no http or https URL")]
    [InlineData("a protocol that there is not", "http://127.0.0.1:9", "http/json", "OTEL_EXPORTER_OTLP_PROTOCOL is neither grpc nor http/protobuf")]
    public void What_is_not_sent_is_said(string why, string endpoint, string protocol, string said)
    {
        CollectedLog log = new();
        using BrokerMetrics metrics = new();
        Set(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol });

        using (IDisposable? export = OtlpExport.StartIfAsked(Environment.GetEnvironmentVariable, log.Broker)) metrics.Issued("reader");

        Assert.Contains($"metrics are not sent: {said}", log.Text, StringComparison.Ordinal);
        Assert.NotEmpty(why);
    }

    [Theory]
    [InlineData("http/protobuf", "")]
    [InlineData("grpc", "")]
    [InlineData("http/protobuf", "/refused")]
    public async Task A_collector_that_takes_nothing_is_named_once_and_so_is_its_return(string protocol, string path)
    {
        Channel<(string Path, string Body)> received = Channel.CreateUnbounded<(string, string)>();
        await using WebApplication collector = Collector(received);
        await collector.StartAsync();
        CollectedLog log = new();
        using BrokerMetrics metrics = new();
        string down = path.Length > 0 ? collector.Urls.First() + path : "http://user:collector-password@127.0.0.1:9";
        Set(new() { ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = down, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol, ["OTEL_METRIC_EXPORT_INTERVAL"] = "20" });

        using (IDisposable? export = OtlpExport.StartIfAsked(Environment.GetEnvironmentVariable, log.Broker))
        {
            metrics.Issued("reader");
            await log.WaitForLinesAsync(1);
            if (path.Length > 0)
            {
                _takesAll = true;
                await log.WaitForLinesAsync(2);
            }
        }

        string[] said = path.Length > 0 ? [Silent, "Information: metrics are sent again"] : [Silent];
        Assert.Equal(said, log.Text.Split('\n'));
    }

    [Fact]
    public void A_collector_that_is_not_there_at_the_end_of_a_short_run_is_named()
    {
        CollectedLog log = new();
        using BrokerMetrics metrics = new();
        Set(new() { ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = "http://127.0.0.1:9", ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" });

        using (IDisposable? export = OtlpExport.StartIfAsked(Environment.GetEnvironmentVariable, log.Broker)) metrics.Issued("reader");

        Assert.Equal(Silent, log.Text);
    }

    public static TheoryData<string, string[], bool> Environments => new()
    {
        { "nothing is set", [], false },
        { "an endpoint that is empty", ["OTEL_EXPORTER_OTLP_ENDPOINT="], false },
        { "an endpoint of traces alone", ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:9"], false },
        { "an endpoint", ["OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9"], true },
        { "an endpoint of metrics", ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://127.0.0.1:9"], true },
        { "an endpoint, and all is switched off", ["OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9", "OTEL_SDK_DISABLED=true"], false },
        { "an endpoint, and metrics are switched off", ["OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9", "OTEL_METRICS_EXPORTER=none"], false },
    };

    [Theory]
    [MemberData(nameof(Environments))]
    public void It_is_started_only_where_it_is_asked_for(string why, string[] environment, bool isStarted)
    {
        Dictionary<string, string?> variables = [];
        foreach (string entry in environment) variables.Add(entry.Split('=')[0], entry.Split('=')[1]);

        using IDisposable? export = OtlpExport.StartIfAsked(name => variables.GetValueOrDefault(name), new CollectedLog().Broker);

        Assert.Equal((why, isStarted), (why, export is not null));
    }

    [Fact]
    public async Task Where_it_is_not_asked_for_nothing_of_it_is_loaded()
    {
        using System.Diagnostics.Process process = OtherProcess.Start("loaded-without-a-collector");
        string loaded = await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience.Test);

        Assert.Contains("cred-broker", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenTelemetry", loaded, StringComparison.Ordinal);
    }

    private void Set(Dictionary<string, string> variables)
    {
        foreach ((string name, string value) in variables) _environment[name] = value;
    }

    private WebApplication Collector(Channel<(string Path, string Body)> received)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        WebApplication application = builder.Build();
        application.Run(async context =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            received.Writer.TryWrite((context.Request.Path + (context.Request.Headers.TryGetValue("key", out var key) ? $"?{key}" : ""), Encoding.Latin1.GetString(body.ToArray())));
            context.Response.ContentType = "application/x-protobuf";
            context.Response.StatusCode = _takesAll || context.Request.Path != "/refused" ? StatusCodes.Status200OK : StatusCodes.Status403Forbidden;
        });
        return application;
    }
}
