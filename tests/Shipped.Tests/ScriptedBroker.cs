using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>A broker that plays exact bytes on 127.0.0.1, one play a connection, and records what it was sent.</summary>
internal sealed class ScriptedBroker : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _end = new();
    private readonly List<string> _requests = [];
    private readonly IReadOnlyList<BrokerPlay> _plays;
    private Task _accepting = Task.CompletedTask;

    private ScriptedBroker(IReadOnlyList<BrokerPlay> plays)
    {
        _plays = plays;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>The header of each request, in the order of the connections.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests) return [.. _requests];
        }
    }

    /// <summary>Without a play it stays down.</summary>
    public static ScriptedBroker Start(params IReadOnlyList<BrokerPlay> plays)
    {
        ScriptedBroker broker = StartDown(plays);
        if (plays.Count > 0) broker.Listen();
        return broker;
    }

    /// <summary>Holds its port, which refuses connections until it listens.</summary>
    public static ScriptedBroker StartDown(params IReadOnlyList<BrokerPlay> plays) => new(plays);

    public void Listen()
    {
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            for (int i = 0; ; i++)
            {
                Socket client = await _listener.AcceptAsync(_end.Token);
                BrokerPlay last = _plays[^1];
                connections.Add(PlayAsync(client, i < _plays.Count ? _plays[i] : last.IsRepeated ? last : null));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task PlayAsync(Socket client, BrokerPlay? play)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                string request = play?.IsAtOnce == true ? "" : await ReadRequestAsync(client);
                lock (_requests) _requests.Add(request);
                if (play is null) return;
                await play.Gate.WaitAsync(_end.Token);
                int step = play.IsByteByByte ? 1 : Math.Max(play.Answer.Length, 1);
                for (int at = 0; at < play.Answer.Length; at += step) await client.SendAsync(play.Answer.AsMemory(at, step), _end.Token);
                if (play.End == PlayEnd.Reset) client.LingerState = new LingerOption(true, 0);
                if (play.End == PlayEnd.Close) client.Shutdown(SocketShutdown.Send);
                // Closing with unread bytes would be a reset.
                if (play.End != PlayEnd.Reset) await ReadToEndAsync(client);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The helper is free to go away, and the test to end.
            }
        }
    }

    private async Task<string> ReadRequestAsync(Socket client)
    {
        StringBuilder request = new();
        byte[] buffer = new byte[16 * 1024];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int count = await client.ReceiveAsync(buffer, _end.Token);
            if (count == 0) break;
            request.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return request.ToString();
    }

    private async Task ReadToEndAsync(Socket client)
    {
        byte[] buffer = new byte[1024];
        while (await client.ReceiveAsync(buffer, _end.Token) > 0) { }
    }
}
