using System;
using System.Net;

namespace CredBroker.Broker;

/// <summary>A listener that is bound: a feature of every connection that came by it.</summary>
internal sealed class BoundListener(Listener listener, Func<string, bool>? isCertified)
{
    private KnownHosts? _hosts;

    public Listener Listener => listener;

    /// <summary>With its real port, once that is known.</summary>
    public ListenAddress Address { get; private set; } = listener.Address;

    /// <summary>Made at the first request: the port is known by then.</summary>
    public KnownHosts Hosts => _hosts ??= new KnownHosts(Address, (listener.Settings ?? ListenSettings.Default).HostNames, isCertified);

    /// <summary>Called once, before anybody is told where to connect.</summary>
    public void Bound(IPEndPoint endPoint)
    {
        Address = new ListenAddress(endPoint, listener.Address.Scheme == ListenScheme.Https);
        _hosts = null;
    }
}
