using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>A broker on TCP, TLS or a unix socket that gives every request the same answer.</summary>
internal sealed class TransportBroker : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly Func<Stream, Task<Stream>> _wrap;
    private readonly Task _serving;

    private TransportBroker(Socket listener, EndPoint endPoint, Func<Stream, Task<Stream>> wrap)
    {
        _listener = listener;
        _wrap = wrap;
        listener.Bind(endPoint);
        listener.Listen();
        _serving = ServeAsync();
    }

    public byte[] Answer { get; set; } = BrokerPlay.Ok(Sentinel.Document).Answer;

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>What the last request said first.</summary>
    public string RequestLine { get; private set; } = "";

    /// <summary>The name that the last client asked for (SNI).</summary>
    public string? ServerName { get; private set; }

    public static TransportBroker Unix(string path) => new(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(path), Task.FromResult);

    public static TransportBroker Tcp() => new(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), new IPEndPoint(IPAddress.Loopback, 0), Task.FromResult);

    public static TransportBroker Tls(X509Certificate2 certificate, SslProtocols protocols = SslProtocols.None)
    {
        TransportBroker? broker = null;
        return broker = new(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), new IPEndPoint(IPAddress.Loopback, 0), async stream =>
        {
            SslStream tls = new(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate, EnabledSslProtocols = protocols });
            broker!.ServerName = tls.TargetHostName;
            return tls;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using Socket client = await _listener.AcceptAsync(_end.Token);
                await AnswerAsync(client);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(Socket client)
    {
        try
        {
            await using Stream stream = await _wrap(new NetworkStream(client));
            StringBuilder request = new();
            byte[] buffer = new byte[4096];
            while (!IsWhole(request.ToString()))
            {
                int count = await stream.ReadAsync(buffer, _end.Token);
                if (count == 0) return;
                request.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }

            RequestLine = request.ToString().Split("\r\n")[0];
            await stream.WriteAsync(Answer, _end.Token);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // A helper that does not trust us goes away.
        }
    }

    private static bool IsWhole(string request)
    {
        int head = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0) return false;
        string? length = request[..head].Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        return request.Length >= head + 4 + (length is null ? 0 : int.Parse(length["Content-Length: ".Length..], CultureInfo.InvariantCulture));
    }
}
