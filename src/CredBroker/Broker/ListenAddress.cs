using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Net;

namespace CredBroker.Broker;

internal enum ListenScheme
{
    Http,
    Https,
    Unix,
}

/// <summary>Where the broker listens. Exactly one of the address and the socket's path is set.</summary>
internal sealed record ListenAddress
{
    public const string ValidValues = "http://127.0.0.1:PORT, http://[::1]:PORT, https://ADDRESS:PORT or unix:///PATH; port 0 takes a free one";

    public ListenAddress(IPEndPoint endPoint, bool isTls = false)
    {
        Scheme = isTls ? ListenScheme.Https : ListenScheme.Http;
        EndPoint = endPoint;
    }

    /// <param name="socketPath">Full, and one that the kernel takes: <see cref="UnixSocket.WhyNot"/>.</param>
    public ListenAddress(string socketPath)
    {
        Scheme = ListenScheme.Unix;
        SocketPath = socketPath;
    }

    public static ListenAddress FreeLoopbackPort { get; } = new(new IPEndPoint(IPAddress.Loopback, 0));

    public ListenScheme Scheme { get; }

    public IPEndPoint? EndPoint { get; }

    public string? SocketPath { get; }

    /// <summary>What AWS_CRED_URL is set to, to ask here.</summary>
    public string CredentialsUrl => Scheme == ListenScheme.Unix ? ToString() : ToString() + RequestTarget.ProcessPath;

    /// <param name="isInsecureAllowed"><c>--insecure-listen</c> was spelled out.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address, [NotNullWhen(false)] out string? why, bool isInsecureAllowed = false)
    {
        address = null;
        if (After(text, "unix:") is string path) return TryParseSocket(text, path, out address, out why);
        string? plain = After(text, "http://");
        string authority = (plain ?? After(text, "https://") ?? "").TrimEnd('/');
        authority = authority.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" + authority["localhost".Length..] : authority;
        // Without brackets the end of an IPv6 address looks like a port.
        bool hasPort = authority.StartsWith('[') ? authority.Contains("]:", StringComparison.Ordinal) : authority.Count(c => c == ':') == 1;
        why = null;
        if (!hasPort || !IPEndPoint.TryParse(authority, out IPEndPoint? endPoint))
        {
            why = $"'{text}' is not an address to listen on";
        }
        else if (plain is not null && !IPAddress.IsLoopback(endPoint.Address) && !isInsecureAllowed)
        {
            // Against everybody on the way: a bridge or a LAN is a network, and whoever sees a token there can use it.
            why = $"'{text}' is not a loopback address: tokens and credentials would cross a network in the clear. Use https:// or unix:, or allow it with --insecure-listen";
        }
        else
        {
            address = new ListenAddress(endPoint, isTls: plain is null);
        }

        return why is null;
    }

    public override string ToString() => Scheme switch
    {
        ListenScheme.Unix => $"unix://{SocketPath}",
        ListenScheme.Https => string.Create(CultureInfo.InvariantCulture, $"https://{EndPoint}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"http://{EndPoint}"),
    };

    private static bool TryParseSocket(string text, string path, [NotNullWhen(true)] out ListenAddress? address, [NotNullWhen(false)] out string? why)
    {
        // unix://host/path would name a host, which a socket does not have.
        if (path.StartsWith("//", StringComparison.Ordinal)) path = path[2..];
        // ':' ends a socket's path in AWS_CRED_URL, and that is where this one goes.
        why = !path.StartsWith('/') || path.EndsWith('/') ? $"'{text}' does not name a socket by its full path"
            : path.Any(c => c is < '!' or > '~' or ':' or '#') ? $"'{text}' has a character that AWS_CRED_URL cannot hold: a space, ':', '#', or one outside ASCII"
            : UnixSocket.WhyNot(path) is string whyNot ? $"'{text}' {whyNot}"
            : null;
        address = why is null ? new ListenAddress(path) : null;
        return why is null;
    }

    private static string? After(string text, string scheme) => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? text[scheme.Length..] : null;
}
