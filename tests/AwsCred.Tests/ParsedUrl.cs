using System;
using System.Text;

namespace AwsCred.Tests;

/// <summary>What <see cref="BrokerUrl.TryParse"/> made of a text, or what it says is wrong.</summary>
internal sealed unsafe record ParsedUrl(Report? Refusal, string Host, string Authority, int Port, string Target, bool HostIsIPv6)
{
    public BrokerScheme Scheme { get; init; }

    public string Socket { get; init; } = "";

    public static ParsedUrl Of(string text)
    {
        byte* memory = stackalloc byte[Problem.Memory];
        Problem problem = new(memory);
        return BrokerUrl.TryParse(Encoding.Latin1.GetBytes(text), out BrokerUrl url, ref problem)
            ? new ParsedUrl(null, String(url.Host), String(url.Authority), url.Port, String(url.Target), url.HostIsIPv6) { Scheme = url.Scheme, Socket = String(url.SocketPath) }
            : new ParsedUrl(Report.Of(problem), "", "", 0, "", false);
    }

    private static string String(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes);
}
