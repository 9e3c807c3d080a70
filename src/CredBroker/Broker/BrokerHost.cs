using System;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CredBroker.Broker;

/// <summary>The broker as a server: bound first, then known by its address.</summary>
internal sealed class BrokerHost : IAsyncDisposable
{
    /// <summary>Answers take milliseconds: whoever is not done by then holds a connection for no good.</summary>
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(1);

    private readonly WebApplication _application;

    private BrokerHost(WebApplication application, Uri url)
    {
        _application = application;
        Url = url;
    }

    /// <summary>The address that it is bound to, with the real port.</summary>
    public Uri Url { get; }

    /// <exception cref="System.IO.IOException">The address is in use, or not this machine's.</exception>
    public static async Task<BrokerHost> StartAsync(Listener listener, BrokerLog log)
    {
        // The empty builder reads no environment and no files: ASPNETCORE_URLS must not make a broker listen elsewhere.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => Limit(options, listener.Address.EndPoint));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownLimit);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        WebApplication application = builder.Build();
        application.Run(listener.Handle);
        try
        {
            await application.StartAsync();
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }

        string bound = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        log.Listening(bound);
        return new BrokerHost(application, new Uri(bound));
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private static void Limit(KestrelServerOptions options, IPEndPoint endPoint)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = 0;
        options.Limits.MaxRequestLineSize = 4 * 1024;
        options.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        options.Limits.MaxRequestHeaderCount = 50;
        options.Limits.MaxConcurrentConnections = 1024;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        options.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
        options.Listen(endPoint, listen => listen.Protocols = HttpProtocols.Http1);
    }

    /// <summary>The command decides when the broker ends; the host's own handling of signals would end it first.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
