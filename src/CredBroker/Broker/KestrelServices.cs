using System;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CredBroker.Broker;

/// <summary>
/// Kestrel with what it asks for, and without the web host around it: that takes as long to start as all the rest of a broker, and reads an
/// environment and files that must have no say in where a broker listens.
/// </summary>
internal static class KestrelServices
{
    public static ServiceProvider Build(Action<KestrelServerOptions> configure, SocketTransportOptions transport)
    {
        Collector collector = new();
        collector.UseKestrelCore().ConfigureKestrel(configure);
        collector.Services.AddOptions();
        collector.Services.Configure<SocketTransportOptions>(options =>
        {
            options.CreateBoundListenSocket = transport.CreateBoundListenSocket;
            options.UnsafePreferInlineScheduling = transport.UnsafePreferInlineScheduling;
        });
        // Its log and its metrics are its own: the broker has others.
        collector.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        collector.Services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        collector.Services.AddSingleton<DiagnosticSource>(new DiagnosticListener("Kestrel"));
        collector.Services.AddSingleton<IMeterFactory, Meters>();
        return collector.Services.BuildServiceProvider();
    }

    /// <summary>What Kestrel tells a web host that it needs.</summary>
    private sealed class Collector : IWebHostBuilder
    {
        public ServiceCollection Services { get; } = [];

        public IWebHostBuilder ConfigureServices(Action<IServiceCollection> configureServices)
        {
            configureServices(Services);
            return this;
        }

        public IWebHostBuilder ConfigureServices(Action<WebHostBuilderContext, IServiceCollection> configureServices) => ConfigureServices(services => configureServices(new WebHostBuilderContext(), services));

        public IWebHostBuilder ConfigureAppConfiguration(Action<WebHostBuilderContext, IConfigurationBuilder> configureDelegate) => this;

        public IWebHostBuilder UseSetting(string key, string? value) => this;

        public string? GetSetting(string key) => null;

#pragma warning disable ASPDEPR008 // The interface asks for it, and nobody calls it.
        public IWebHost Build() => throw new NotSupportedException("there is no web host");
#pragma warning restore ASPDEPR008
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
