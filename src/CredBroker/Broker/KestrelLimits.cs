using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CredBroker.Broker;

/// <summary>How much of the broker one client can take. What goes beyond it Kestrel itself answers, without a body: 400, 408, 414, 431, or it closes.</summary>
internal static class KestrelLimits
{
    public static void Set(KestrelServerOptions options, IReadOnlyList<Listener> listeners)
    {
        options.AddServerHeader = false;
        KestrelServerLimits limits = options.Limits;
        // Against memory taken by what nobody needs: the helper sends five headers, the largest SDK twelve.
        limits.MaxRequestBodySize = 0;
        limits.MaxRequestLineSize = 4 * 1024;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestHeaderCount = 50;
        limits.MaxRequestBufferSize = 32 * 1024;
        // Against slow clients: one that sends its head a byte a second, one that reads its answer so, and one that says nothing more.
        limits.RequestHeadersTimeout = listeners.Min(listener => (listener.Settings ?? ListenSettings.Default).HeadLimit);
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
        // Each listener has places of its own: see ConnectionPlaces. The control socket is not taken away by what happens on the network.
        limits.MaxConcurrentConnections = null;
    }
}
