using System;
using System.Collections.Generic;
using System.IO;
using CredBroker.Files;

namespace CredBroker.Broker;

/// <summary>How an address is listened on.</summary>
internal sealed record ListenSettings
{
    public static ListenSettings Default { get; } = new();

    /// <summary>For https; null: there is none.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>Of a unix socket: whoever may write it may connect.</summary>
    public UnixFileMode SocketMode { get; init; } = UnixModes.PrivateFile;

    /// <summary>Of a unix socket; null: the broker's own.</summary>
    public int? SocketGroup { get; init; }

    /// <summary>More names that Host may carry.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Of a unix socket: that the kernel's word on who connects must be this user or root, whatever the mode.</summary>
    public bool IsForThisUser { get; init; }

    /// <summary>At one listener; who comes then takes the place of whoever is idle the longest.</summary>
    public int MaximumConnections { get; init; } = 1024;

    /// <summary>A request's line and headers, from their first byte to their last; and a TLS handshake.</summary>
    public TimeSpan HeadLimit { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>PEM files: the certificate with its chain, and its key.</summary>
internal sealed record TlsFiles(string Certificate, string Key);
