using System;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace CredBroker.Broker;

/// <summary>Whose process is at the other end of a unix socket.</summary>
internal static partial class PeerUser
{
    private const int SOL_SOCKET = 1, SO_PEERCRED = 17; // unix(7); its answer is pid, uid, gid

    /// <summary>Against another user of the host who got at the socket, by a folder or mode that somebody opened up: only this broker's user, or root.</summary>
    public static bool MayControl(ConnectionContext connection, BrokerLog log)
    {
        uint user = uint.MaxValue;
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket && TryFind(socket, out user) && (user == 0 || user == EffectiveUser())) return true;
        log.ControlRefused(user);
        return false;
    }

    private static bool TryFind(Socket socket, out uint user)
    {
        Span<byte> peer = stackalloc byte[12];
        bool isKnown = socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, peer) == peer.Length;
        user = isKnown ? BinaryPrimitives.ReadUInt32LittleEndian(peer[4..]) : uint.MaxValue;
        return isKnown;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
