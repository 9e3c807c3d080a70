using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace CredBroker.Broker;

/// <summary>The broker as a server: bound first, then known by its addresses.</summary>
internal sealed class BrokerHost : IAsyncDisposable
{
    /// <summary>As long as a request waits for STS, and a moment to write: whoever is not done by then holds a connection for no good.</summary>
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(2);

    private readonly ServiceProvider _services;
    private readonly IServer _server;
    private readonly BrokerApplication _application;
    private readonly List<(BoundListener Bound, ListenOptions Options)> _listening;
    private readonly List<UnixSocket> _sockets;
    private readonly BrokerLog _log;
    private readonly TimeProvider _clock;
    private int _isStopping;

    private BrokerHost(IReadOnlyList<Listener> listeners, BrokerLog log, TimeProvider clock)
    {
        (_log, _clock) = (log, clock);
        List<(BoundListener, ListenOptions)> listening = _listening = [];
        List<UnixSocket> sockets = _sockets = [];
        _services = KestrelServices.Build(
            options =>
            {
                KestrelLimits.Set(options, listeners);
                foreach (Listener listener in listeners) listening.Add(Listen(options, listener, log, clock));
            },
            // Where a request has come in, it is answered: nothing here blocks for long, so another thread would only have to be woken.
            new SocketTransportOptions { CreateBoundListenSocket = endPoint => Bind(endPoint, listeners, sockets), UnsafePreferInlineScheduling = true });
        _server = _services.GetRequiredService<IServer>();
        _application = new BrokerApplication(log);
    }

    /// <summary>Where it listens, with the real ports once it does, in the listeners' order.</summary>
    public IReadOnlyList<ListenAddress> Addresses => [.. _listening.Select(one => one.Bound.Address)];

    /// <summary>The first of them.</summary>
    public Uri Url => new(Addresses[0].ToString());

    /// <summary>A server that is ready to listen, and does not yet.</summary>
    /// <exception cref="IOException">A certificate cannot be had.</exception>
    public static BrokerHost Build(IReadOnlyList<Listener> listeners, BrokerLog log, TimeProvider? clock = null) => new(listeners, log, clock ?? TimeProvider.System);

    public static Task<BrokerHost> StartAsync(Listener listener, BrokerLog log) => StartAsync([listener], log);

    /// <exception cref="IOException">An address is in use, or not this machine's; a socket or a certificate cannot be had. Nothing listens then.</exception>
    public static async Task<BrokerHost> StartAsync(IReadOnlyList<Listener> listeners, BrokerLog log, TimeProvider? clock = null)
    {
        BrokerHost host = Build(listeners, log, clock);
        try
        {
            await host.StartAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="IOException">An address is in use, or not this machine's; a socket cannot be had. It is to be disposed then.</exception>
    public async Task StartAsync()
    {
        await _server.StartAsync(_application, CancellationToken.None);
        foreach ((BoundListener bound, ListenOptions at) in _listening)
        {
            if (at.IPEndPoint is { } endPoint) bound.Bound(endPoint);
            _log.Listening(bound.Address.ToString());
        }
    }

    /// <summary>No new work; what is in flight is finished within the limit.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isStopping, 1) == 1) return;
        _application.Stop();
        using (CancellationTokenSource limit = new(ShutdownLimit, _clock)) await _server.StopAsync(limit.Token);
        await _services.DisposeAsync();
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
            if (settings.IsForThisUser) options.Use(next => connection => PeerUser.MayControl(connection, log) ? next(connection) : Task.CompletedTask);
            options.Use(new ConnectionPlaces(bound, settings.MaximumConnections, clock).Around);
            if (certificate is null) return;
            options.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(certificate.Options), HandshakeTimeout = settings.HeadLimit });
        }
    }

    private static Socket Bind(EndPoint endPoint, IReadOnlyList<Listener> listeners, List<UnixSocket> sockets)
    {
        if (endPoint is not UnixDomainSocketEndPoint unix) return BindAddress(endPoint);
        Listener listener = listeners.First(listener => listener.Address.SocketPath == unix.ToString());
        ListenSettings settings = listener.Settings ?? ListenSettings.Default;
        UnixSocket socket = UnixSocket.Listen(listener.Address.SocketPath!, settings.SocketMode, settings.SocketGroup);
        sockets.Add(socket);
        return socket.Listening;
    }

    private static Socket BindAddress(EndPoint endPoint)
    {
        try
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
        }
        // The server makes its own of an address that is in use.
        catch (SocketException e) when (e.SocketErrorCode != SocketError.AddressAlreadyInUse)
        {
            throw new IOException($"cannot listen on {endPoint}: {e.Message}", e);
        }
    }
}
