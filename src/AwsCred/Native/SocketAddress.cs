using System;

namespace AwsCred.Native;

/// <summary>An IPv4 or IPv6 address and port as connect(2) takes them: <c>struct sockaddr_in</c> or <c>sockaddr_in6</c>.</summary>
internal unsafe struct SocketAddress
{
    /// <summary>The longest text: an IPv6 address in brackets, a colon, five digits.</summary>
    public const int MaximumText = 64;

    private const int IPv4Length = 16, IPv6Length = 28;
    private fixed byte _bytes[IPv6Length];

    public int Length { get; private set; }
    public readonly int Family => Length == IPv4Length ? Libc.AF_INET : Libc.AF_INET6;

    /// <summary>
    /// Loopback, private, link-local, shared (RFC 6598) or unique local: networks of the user's own, container gateways among them.
    /// </summary>
    public readonly bool IsNear
    {
        get
        {
            fixed (byte* bytes = _bytes)
            {
                if (Length == IPv4Length) return IsNearIPv4(bytes + 4);
                byte* address = bytes + 8;
                bool hasZeros = true;
                for (int i = 0; i < 10; i++) hasZeros &= address[i] == 0;
                if (hasZeros && address[10] == 0xFF && address[11] == 0xFF) return IsNearIPv4(address + 12); // IPv4-mapped
                bool isLoopback = hasZeros && *(uint*)(address + 10) == 0 && address[14] == 0 && address[15] == 1;
                return isLoopback || (address[0] & 0xFE) == 0xFC || address[0] == 0xFE && (address[1] & 0xC0) == 0x80;
            }
        }
    }

    private static bool IsNearIPv4(byte* address) => address[0] switch
    {
        10 or 127 => true,
        100 => (address[1] & 0xC0) == 64,
        169 => address[1] == 254,
        172 => (address[1] & 0xF0) == 16,
        192 => address[1] == 168,
        _ => false,
    };

    /// <param name="host">An address in text, NUL-terminated.</param>
    public static bool TryParse(ReadOnlySpan<byte> host, int port, out SocketAddress address)
    {
        address = default;
        fixed (byte* text = host)
        fixed (byte* bytes = address._bytes)
        {
            if (Libc.inet_pton(Libc.AF_INET, text, bytes + 4) == 1) address.Length = IPv4Length;
            else if (Libc.inet_pton(Libc.AF_INET6, text, bytes + 8) == 1) address.Length = IPv6Length;
            else return false;
            Complete(bytes, address.Family, port);
            return true;
        }
    }

    /// <summary>From what getaddrinfo found; false where it is neither IPv4 nor IPv6.</summary>
    public static bool TryCopy(Libc.AddressInfo* found, int port, out SocketAddress address)
    {
        address = default;
        bool isKnown = found->Family == Libc.AF_INET && found->AddressLength == IPv4Length ||
            found->Family == Libc.AF_INET6 && found->AddressLength == IPv6Length;
        if (!isKnown) return false;
        address.Length = found->AddressLength;
        fixed (byte* bytes = address._bytes)
        {
            new ReadOnlySpan<byte>(found->Address, found->AddressLength).CopyTo(new Span<byte>(bytes, IPv6Length));
            Complete(bytes, found->Family, port);
        }

        return true;
    }

    public int Connect(int fd)
    {
        fixed (byte* bytes = _bytes) return Libc.connect(fd, bytes, Length);
    }

    /// <summary>Appends <c>127.0.0.1:80</c> or <c>[::1]:80</c>.</summary>
    public void AppendTo(ref Text text)
    {
        byte* buffer = stackalloc byte[MaximumText];
        fixed (byte* bytes = _bytes)
        {
            bool isIPv6 = Length == IPv6Length;
            if (Libc.inet_ntop(Family, bytes + (isIPv6 ? 8 : 4), buffer, MaximumText) == null) return;
            if (isIPv6) text.Append((byte)'[');
            text.Append(EnvironmentBlock.CString(buffer));
            if (isIPv6) text.Append((byte)']');
            text.Append((byte)':');
            text.AppendNumber(bytes[2] << 8 | bytes[3]);
        }
    }

    private static void Complete(byte* bytes, int family, int port)
    {
        bytes[0] = (byte)family; // sa_family_t is in host order, and both architectures are little-endian
        bytes[2] = (byte)(port >> 8);
        bytes[3] = (byte)port;
    }
}
