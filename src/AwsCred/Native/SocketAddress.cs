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
