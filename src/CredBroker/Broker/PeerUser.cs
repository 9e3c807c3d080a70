using System;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace CredBroker.Broker;

/// <summary>Whose process is at the other end of a unix socket.</summary>
internal static partial class PeerUser
{
    private const int SOL_SOCKET = 1, SO_PEERCRED = 17; // unix(7); its answer is pid, uid, gid

    /// <summary>This broker's user, or root.</summary>
    public static bool MayControl(Socket socket, out uint user)
    {
        Span<byte> peer = stackalloc byte[12];
        user = uint.MaxValue;
        if (socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, peer) != peer.Length) return false;
        user = BinaryPrimitives.ReadUInt32LittleEndian(peer[4..]);
        return user == 0 || user == EffectiveUser();
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
