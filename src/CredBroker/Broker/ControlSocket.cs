using System;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using CredBroker.Files;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CredBroker.Broker;

/// <summary>
/// The unix socket on which the broker takes orders, for this user alone. A server of its own: however busy those are that ask for credentials,
/// a session can be revoked.
/// </summary>
internal sealed class ControlSocket : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(2);

    private readonly WebApplication _application;
    private readonly UnixSocket _socket;

    private ControlSocket(WebApplication application, UnixSocket socket)
    {
        _application = application;
        _socket = socket;
    }

    /// <summary>Why a path cannot be that of a socket; null where it can.</summary>
    public static string? WhyNot(string path)
    {
        int length = Encoding.UTF8.GetByteCount(path);
        return length > ListenAddress.MaximumSocketPath ? $"'{path}' has {length} bytes, and the path of a socket has at most {ListenAddress.MaximumSocketPath}" : null;
    }

    /// <summary>Listens. The socket of a broker that is gone is replaced, that of one that lives is not.</summary>
    /// <exception cref="IOException">Another broker has it, something else stands there, or the folder is open to others.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not this user's to write.</exception>
    public static async Task<ControlSocket> StartAsync(string path, RequestDelegate handle, BrokerLog log)
    {
        PrivateFolder.Ensure(Path.GetDirectoryName(path)!);
        UnixSocket socket = UnixSocket.Listen(path, UnixModes.PrivateFile, group: null);
        WebApplication? application = null;
        try
        {
            application = Build(socket, path, handle, log);
            await application.StartAsync();
            return new ControlSocket(application, socket);
        }
        catch
        {
            if (application is not null) await application.DisposeAsync();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Lets requests in flight end, and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        _socket.Dispose();
    }

    private static WebApplication Build(UnixSocket socket, string path, RequestDelegate handle, BrokerLog log)
    {
        // The empty builder reads no environment and no files: ASPNETCORE_URLS must not make a broker listen elsewhere.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownLimit);
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = _ => socket.Listening);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => Limit(options, path, log));
        builder.Logging.SetMinimumLevel(LogLevel.None);
        WebApplication application = builder.Build();
        application.Run(handle);
        return application;
    }

    private static void Limit(KestrelServerOptions options, string path, BrokerLog log)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = ControlEndpoints.MaximumBody;
        options.Limits.MaxRequestLineSize = 4 * 1024;
        options.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        options.Limits.MaxRequestHeaderCount = 50;
        options.Limits.MaxConcurrentConnections = 64;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        options.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
        options.ListenUnixSocket(path, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection => IsOfThisUser(connection, log) ? next(connection) : Task.CompletedTask);
        });
    }

    /// <summary>Against another user of the host who got at the socket, by a folder or mode that somebody opened up.</summary>
    private static bool IsOfThisUser(ConnectionContext connection, BrokerLog log)
    {
        uint user = uint.MaxValue;
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket && PeerUser.MayControl(socket, out user)) return true;
        log.ControlRefused(user);
        return false;
    }
}
