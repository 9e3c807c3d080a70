using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace CredBroker.Tests;

/// <summary>One HTTP request, byte for byte, and what came back.</summary>
/// <param name="Headers">By lower-case name.</param>
internal sealed record Wire(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>What a failing test shows, and where secrets are looked for.</summary>
    public string All => $"{Status}\n{string.Join('\n', Headers)}\n\n{Body}";

    /// <param name="lines">The request line and the headers, without Host and Connection.</param>
    public static Task<Wire> AskAsync(Uri url, params string[] lines) => SendAsync(url, $"{string.Join("\r\n", lines)}\r\nHost: {HostOf(url)}\r\nConnection: close\r\n\r\n");

    public static async Task<Wire> SendAsync(Uri url, string request) => Parse(await SendRawAsync(url, request));

    /// <summary>All that comes back, however many answers it is, until the other side closes.</summary>
    public static async Task<string> SendRawAsync(Uri url, string request)
    {
        using Socket socket = await ConnectAsync(url);
        await socket.SendAsync(Encoding.UTF8.GetBytes(request));
        return await ReadToEndAsync(socket);
    }

    public static async Task<Socket> ConnectAsync(Uri url)
    {
        bool isUnix = url.Scheme == "unix";
        Socket socket = isUnix ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(isUnix ? new UnixDomainSocketEndPoint(url.AbsolutePath) : new DnsEndPoint(url.Host.Trim('[', ']'), url.Port));
        return socket;
    }

    public static async Task<string> ReadToEndAsync(Socket socket)
    {
        using NetworkStream stream = new(socket);
        using MemoryStream received = new();
        try
        {
            await stream.CopyToAsync(received).WaitAsync(Patience.Test);
        }
        catch (IOException)
        {
            // A server that has said why need not read the rest of the request; one that closes an idle connection says nothing.
        }

        return Encoding.UTF8.GetString(received.ToArray());
    }

    public static string HostOf(Uri url) => url.Scheme == "unix" ? "localhost" : url.Authority;

    private static Wire Parse(string answer)
    {
        string[] parts = answer.Split("\r\n\r\n", 2);
        string[] head = parts[0].Split("\r\n");
        Dictionary<string, string> headers = [];
        foreach (string line in head[1..])
        {
            string[] header = line.Split(": ", 2);
            headers.Add(header[0].ToLowerInvariant(), header[1]);
        }

        return new Wire(int.Parse(head[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), headers, parts[1]);
    }
}
