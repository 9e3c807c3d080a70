using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CredBroker.Broker;

/// <summary>The broker as a server: bound first, then known by its addresses.</summary>
internal sealed class BrokerHost : IAsyncDisposable
{
    /// <summary>As long as a request waits for STS, and a moment to write: whoever is not done by then holds a connection for no good.</summary>
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(2);

    private readonly WebApplication _container;
    private readonly BrokerApplication _application;
    private readonly IReadOnlyList<UnixSocket> _sockets;
    private readonly TimeProvider _clock;
    private int _isStopping;

    private BrokerHost(WebApplication container, BrokerApplication application, IReadOnlyList<UnixSocket> sockets, IReadOnlyList<ListenAddress> addresses, TimeProvider clock)
    {
        (_container, _application, _sockets, Addresses, _clock) = (container, application, sockets, addresses, clock);
        Url = new Uri(addresses[0].ToString());
    }

    /// <summary>Where it listens, with the real ports, in the listeners' order.</summary>
    public IReadOnlyList<ListenAddress> Addresses { get; }

    /// <summary>The first of them.</summary>
    public Uri Url { get; }

    public static Task<BrokerHost> StartAsync(Listener listener, BrokerLog log) => StartAsync([listener], log);

    /// <exception cref="IOException">An address is in use, or not this machine's; a socket or a certificate cannot be had. Nothing listens then.</exception>
    public static async Task<BrokerHost> StartAsync(IReadOnlyList<Listener> listeners, BrokerLog log, TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        // The empty builder reads no environment and no files: ASPNETCORE_URLS must not make a broker listen elsewhere.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        List<UnixSocket> sockets = [];
        List<(BoundListener Bound, ListenOptions Options)> listening = [];
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            KestrelLimits.Set(options, listeners);
            foreach (Listener listener in listeners) listening.Add(Listen(options, listener, log, clock));
        });
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = endPoint => Bind(endPoint, listeners, sockets));
        builder.Logging.SetMinimumLevel(LogLevel.None);
        WebApplication container = builder.Build();
        BrokerApplication application = new();
        try
        {
            await container.Services.GetRequiredService<IServer>().StartAsync(application, CancellationToken.None);
        }
        catch
        {
            await container.DisposeAsync();
            foreach (UnixSocket socket in sockets) socket.Dispose();
            throw;
        }

        foreach ((BoundListener bound, ListenOptions options) in listening)
        {
            if (options.IPEndPoint is { } endPoint) bound.Bound(endPoint);
            log.Listening(bound.Address.ToString());
        }

        return new BrokerHost(container, application, sockets, [.. listening.Select(one => one.Bound.Address)], clock);
    }

    /// <summary>No new work; what is in flight is finished within the limit.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isStopping, 1) == 1) return;
        _application.Stop();
        using (CancellationTokenSource limit = new(ShutdownLimit, _clock)) await _container.Services.GetRequiredService<IServer>().StopAsync(limit.Token);
        await _container.DisposeAsync();
        foreach (UnixSocket socket in _sockets) socket.Dispose();
    }

    private static (BoundListener Bound, ListenOptions Options) Listen(KestrelServerOptions server, Listener listener, BrokerLog log, TimeProvider clock)
    {
        ListenSettings settings = listener.Settings ?? ListenSettings.Default;
        TlsFiles? files = listener.Address.Scheme == ListenScheme.Https ? settings.Tls ?? throw new IOException("an https listener needs a certificate and its key") : null;
        TlsCertificate? certificate = files is null ? null : TlsCertificate.Load(files, log, clock);
        BoundListener bound = new(listener, certificate is null ? null : certificate.IsFor);
        ListenOptions? listening = null;
        server.Listen(listener.Address.EndPoint ?? (EndPoint)UnixSocket.EndPointOf(listener.Address.SocketPath!), Configure);
        return (bound, listening!);

        void Configure(ListenOptions options)
        {
            listening = options;
            options.Protocols = HttpProtocols.Http1;
            options.Use(new ConnectionPlaces(bound, settings.MaximumConnections, clock).Around);
            if (certificate is null) return;
            options.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(certificate.Options), HandshakeTimeout = settings.HeadLimit });
        }
    }

    private static Socket Bind(EndPoint endPoint, IReadOnlyList<Listener> listeners, List<UnixSocket> sockets)
    {
        if (endPoint is not UnixDomainSocketEndPoint unix) return SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
        Listener listener = listeners.First(listener => listener.Address.SocketPath == unix.ToString());
        ListenSettings settings = listener.Settings ?? ListenSettings.Default;
        UnixSocket socket = UnixSocket.Listen(listener.Address.SocketPath!, settings.SocketMode, settings.SocketGroup);
        sockets.Add(socket);
        return socket.Listening;
    }
}
