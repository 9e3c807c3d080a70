using System;

namespace AwsCred.Native;

/// <summary>Host names to addresses, by <c>/etc/hosts</c> and DNS alone.</summary>
internal static unsafe class Resolver
{
    public const int MaximumAddresses = 8;

    public static bool TryResolve(in BrokerUrl url, Span<SocketAddress> addresses, out int count, scoped ref Problem problem)
    {
        count = 0;
        byte* memory = stackalloc byte[256];
        Text host = new(memory, 256);
        host.Append(url.Host);
        host.Append((byte)0);
        if (SocketAddress.TryParse(host.Written, url.Port, out SocketAddress address))
        {
            addresses[count++] = address;
            return true;
        }

        // RFC 6761: localhost is loopback, with the dot of the root and without, also in an image that has no /etc/hosts.
        if (Ascii.EqualsIgnoringCase(url.Host, "localhost"u8) || Ascii.EqualsIgnoringCase(url.Host, "localhost."u8))
        {
            if (SocketAddress.TryParse("127.0.0.1\0"u8, url.Port, out address)) addresses[count++] = address;
            if (SocketAddress.TryParse("::1\0"u8, url.Port, out address)) addresses[count++] = address;
            return true;
        }

        Deadline.Enter("resolving "u8, url.Host);
        int error = LookUp(host.Written, url.Port, addresses, ref count);
        if (error == 0 && count > 0) return true;
        problem.Set(ExitCode.Failed, "cannot resolve the broker's host "u8, url.Host, ": "u8);
        problem.Line.Append(error switch
        {
            0 or Libc.EAI_NONAME or Libc.EAI_NODATA => "no such name"u8,
            Libc.EAI_AGAIN => "no name server answers"u8,
            Libc.EAI_FAIL => "the name server failed"u8,
            _ => "the resolver failed"u8,
        });
        return problem.Advise("Check the host in AWS_CRED_URL, and /etc/hosts and /etc/resolv.conf in this container."u8);
    }

    private static int LookUp(ReadOnlySpan<byte> host, int port, Span<SocketAddress> addresses, ref int count)
    {
        // nsswitch.conf may name plug-ins, and a static program that loads the image's plug-ins crashes: files and dns are built in.
        fixed (byte* database = "hosts\0"u8)
        fixed (byte* services = "files dns\0"u8) Libc.__nss_configure_lookup(database, services);
        Libc.AddressInfo hints = new() { Family = Libc.AF_UNSPEC, SocketType = Libc.SOCK_STREAM };
        Libc.AddressInfo* found = null;
        int error;
        fixed (byte* name = host) error = Libc.getaddrinfo(name, null, &hints, &found);
        if (error != 0) return error;
        for (Libc.AddressInfo* entry = found; entry != null && count < addresses.Length; entry = entry->Next)
        {
            if (SocketAddress.TryCopy(entry, port, out SocketAddress address)) addresses[count++] = address;
        }

        Libc.freeaddrinfo(found);
        return 0;
    }
}
