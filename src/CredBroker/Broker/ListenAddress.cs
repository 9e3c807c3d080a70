using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Net;

namespace CredBroker.Broker;

/// <summary>Where the broker listens: loopback only, until it speaks TLS.</summary>
internal sealed record ListenAddress(IPEndPoint EndPoint)
{
    public const string ValidValues = "http://127.0.0.1:PORT or http://[::1]:PORT; port 0 takes a free one";

    public static ListenAddress FreeLoopbackPort { get; } = new(new IPEndPoint(IPAddress.Loopback, 0));

    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address, [NotNullWhen(false)] out string? why)
    {
        const string scheme = "http://";
        address = null;
        why = null;
        string authority = text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? text[scheme.Length..].TrimEnd('/') : "";
        authority = authority.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" + authority["localhost".Length..] : authority;
        // Without brackets the end of an IPv6 address looks like a port.
        bool hasPort = authority.StartsWith('[') ? authority.Contains("]:", StringComparison.Ordinal) : authority.Count(c => c == ':') == 1;
        if (!hasPort || !IPEndPoint.TryParse(authority, out IPEndPoint? endPoint)) why = $"'{text}' is not an address that this version listens on";
        // On any other address tokens and credentials would cross a network in the clear.
        else if (!IPAddress.IsLoopback(endPoint.Address)) why = $"'{text}' is not a loopback address, and any other needs TLS, which this version does not have";
        else address = new ListenAddress(endPoint);
        return why is null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"http://{EndPoint}");
}
