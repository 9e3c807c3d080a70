using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;

namespace CredBroker.Broker;

/// <summary>
/// The names that a listener is known by. Against DNS rebinding: a page at attacker.example makes its own name point to 127.0.0.1, and then asks the
/// broker as if it were its own server; the browser still says attacker.example in Host.
/// </summary>
internal sealed class KnownHosts
{
    /// <summary>
    /// The host as containers see it: Docker and Podman write these names into the container. <c>.internal</c> is reserved, so no public DNS gives them
    /// to anybody else.
    /// </summary>
    private static readonly string[] ContainerNames = ["host.docker.internal", "host.containers.internal"];

    private readonly FrozenSet<string> _exact;
    private readonly FrozenSet<string> _names;
    private readonly Func<string, bool> _isCertified;
    private readonly int _port;
    private readonly bool _isAnyAddress;

    /// <param name="bound">The address with its real port.</param>
    /// <param name="names">More names, whatever the port: a published port or a tunnel has one of its own.</param>
    /// <param name="isCertified">Whether the listener's certificate is for a name; a browser checks that before it sends anything.</param>
    public KnownHosts(ListenAddress bound, IEnumerable<string> names, Func<string, bool>? isCertified = null)
    {
        _names = names.Concat(bound.Scheme == ListenScheme.Unix ? ["localhost"] : []).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _isCertified = isCertified ?? (_ => false);
        _port = bound.EndPoint?.Port ?? 0;
        _isAnyAddress = bound.EndPoint is { } any && (any.Address.Equals(IPAddress.Any) || any.Address.Equals(IPAddress.IPv6Any));
        List<string> exact = [];
        if (bound.EndPoint is { } endPoint)
        {
            string[] hosts = IPAddress.IsLoopback(endPoint.Address) ? [HostOf(endPoint.Address), "localhost", .. ContainerNames] : [HostOf(endPoint.Address), .. ContainerNames];
            exact.AddRange(hosts.Select(host => string.Create(CultureInfo.InvariantCulture, $"{host}:{_port}")));
            // Clients leave the scheme's own port away.
            if (_port == (bound.Scheme == ListenScheme.Https ? 443 : 80)) exact.AddRange(hosts);
        }

        _exact = exact.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <param name="host">The Host header.</param>
    /// <param name="local">The address that the client has connected to; null for a unix socket.</param>
    public bool Contains(string host, IPAddress? local)
    {
        if (_exact.Contains(host)) return true;
        int colon = host.LastIndexOf(':');
        string name = colon > host.LastIndexOf(']') ? host[..colon] : host;
        if (_names.Contains(name) || _isCertified(name)) return true;
        // Listening on every address: the one that was connected to is no name that somebody could bind anew.
        return _isAnyAddress && IPEndPoint.TryParse(colon == name.Length ? host : $"{name}:{_port}", out IPEndPoint? asked) && asked.Port == _port
            && local is not null && asked.Address.Equals(local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local);
    }

    private static string HostOf(IPAddress address) => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
