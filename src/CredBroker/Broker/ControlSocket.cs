using System;
using System.IO;
using CredBroker.Files;
using Microsoft.AspNetCore.Http;

namespace CredBroker.Broker;

/// <summary>
/// The unix socket on which the broker takes orders, for this user alone. Its places are its own: however busy those are that ask for credentials,
/// a session can be revoked.
/// </summary>
internal static class ControlSocket
{
    private static readonly ListenSettings Settings = new() { IsForThisUser = true, MaximumConnections = 64 };

    /// <summary>A listener at a path whose folder is made if it is not there.</summary>
    /// <exception cref="IOException">The folder is open to others.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not this user's to make.</exception>
    public static Listener At(string path, RequestDelegate handle)
    {
        PrivateFolder.Ensure(Path.GetDirectoryName(path)!);
        return new Listener(new ListenAddress(path), handle, Settings, ControlEndpoints.MaximumBody);
    }
}
