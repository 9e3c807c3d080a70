using System;
using System.Collections.Generic;
using System.IO;
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
    public static Task<Wire> AskAsync(Uri url, params string[] lines) => SendAsync(url, $"{string.Join("\r\n", lines)}\r\nHost: {url.Authority}\r\nConnection: close\r\n\r\n");

    public static async Task<Wire> SendAsync(Uri url, string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(url.Host.Trim('[', ']'), url.Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        using MemoryStream received = new();
        try
        {
            await stream.CopyToAsync(received).WaitAsync(Patience.Test);
        }
        catch (IOException) when (received.Length > 0)
        {
            // A server that has said why need not read the rest of the request.
        }

        return Parse(Encoding.UTF8.GetString(received.ToArray()));
    }

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
