using System;

namespace AwsCred;

internal enum BrokerScheme
{
    Http,
    Https,
    Unix,
}

/// <summary>
/// Where the broker is: <c>http://host[:port][/path]</c>, <c>https://…</c>, or <c>unix:///path/to.sock[:/path]</c>.
/// RFC 3986, without user info and fragment.
/// </summary>
internal ref struct BrokerUrl
{
    /// <summary>What is valid, for errors and help alike.</summary>
    public static ReadOnlySpan<byte> ValidValues => "http://host[:port][/path], https://host[:port][/path] or unix:///path/to.sock[:/path]"u8;

    public const int MaximumLength = 2048;

    /// <summary>What <c>sockaddr_un</c> holds, without its terminating NUL.</summary>
    public const int MaximumSocketPath = 107;

    private static ReadOnlySpan<byte> DefaultTarget => "/v1/credentials"u8;

    public BrokerScheme Scheme;

    /// <summary>A name, an IPv4 address, or an IPv6 address without its brackets; empty for a unix socket.</summary>
    public ReadOnlySpan<byte> Host;

    /// <summary>What goes into the Host header: the host as written, with the port if there was one.</summary>
    public ReadOnlySpan<byte> Authority;

    public int Port;

    /// <summary>Of the unix socket.</summary>
    public ReadOnlySpan<byte> SocketPath;

    /// <summary>Path and query as they go into the request line.</summary>
    public ReadOnlySpan<byte> Target;

    public bool HostIsIPv6;

    /// <summary>Never repeats the text in the problem: a URL may hold a password where user info would stand.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out BrokerUrl url, scoped ref Problem problem)
    {
        url = default;
        if (text.Length == 0) return Invalid("is empty"u8, ref problem);
        if (text.Length > MaximumLength) return Invalid("is longer than 2048 bytes"u8, ref problem);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == (byte)' ') return Invalid("contains a space"u8, ref problem);
            if (text[i] is < 0x21 or 0x7F) return Invalid("contains a control character"u8, ref problem);
            if (text[i] > 0x7E) return Invalid("contains a character outside ASCII"u8, ref problem);
            if (text[i] == (byte)'#') return Invalid("contains a fragment (#)"u8, ref problem);
        }

        if (Ascii.StartsWithIgnoringCase(text, "unix://"u8)) return url.TrySplitSocket(text.Slice("unix://"u8.Length), ref problem);
        bool isHttp = Ascii.StartsWithIgnoringCase(text, "http://"u8);
        if (!isHttp && !Ascii.StartsWithIgnoringCase(text, "https://"u8)) return Invalid("does not begin with http://, https:// or unix://"u8, ref problem);
        url.Scheme = isHttp ? BrokerScheme.Http : BrokerScheme.Https;
        ReadOnlySpan<byte> rest = text.Slice(isHttp ? "http://"u8.Length : "https://"u8.Length);
        int end = 0;
        while (end < rest.Length && rest[end] is not ((byte)'/' or (byte)'?')) end++;
        url.Authority = rest.Slice(0, end);
        url.Target = rest.Slice(end);
        if (url.Target.Length > 0 && url.Target[0] == (byte)'?') return Invalid("has a query but no path before it"u8, ref problem);
        if (url.Target.Length <= 1) url.Target = DefaultTarget;
        return url.TrySplitAuthority(ref problem);
    }

    /// <summary><c>/path/to.sock[:/path]</c>: the request's path follows the socket's as nginx writes it.</summary>
    private bool TrySplitSocket(ReadOnlySpan<byte> rest, scoped ref Problem problem)
    {
        Scheme = BrokerScheme.Unix;
        Authority = "localhost"u8;
        int colon = rest.IndexOf((byte)':');
        SocketPath = colon < 0 ? rest : rest.Slice(0, colon);
        Target = colon < 0 ? DefaultTarget : rest.Slice(colon + 1);
        if (SocketPath.Length < 2 || SocketPath[0] != (byte)'/') return Invalid("does not name a socket by its whole path, as unix:///run/broker.sock does"u8, ref problem);
        if (SocketPath.Length > MaximumSocketPath) return Invalid("names a socket with a path of more than 107 bytes, which the kernel does not take"u8, ref problem);
        return Target.Length > 0 && Target[0] == (byte)'/' || Invalid("has something other than a path after the socket's colon"u8, ref problem);
    }

    private bool TrySplitAuthority(ref Problem problem)
    {
        if (Authority.IndexOf((byte)'@') >= 0) return Invalid("contains user info (@)"u8, ref problem);
        ReadOnlySpan<byte> port;
        if (Authority.Length > 0 && Authority[0] == (byte)'[')
        {
            int close = Authority.IndexOf((byte)']');
            if (close < 0) return Invalid("has an IPv6 address without its closing bracket"u8, ref problem);
            HostIsIPv6 = true;
            Host = Authority.Slice(1, close - 1);
            port = Authority.Slice(close + 1);
            if (port.Length > 0 && port[0] != (byte)':') return Invalid("has something other than a port after the IPv6 address"u8, ref problem);
        }
        else
        {
            int colon = Authority.IndexOf((byte)':');
            Host = colon < 0 ? Authority : Authority.Slice(0, colon);
            port = colon < 0 ? default : Authority.Slice(colon);
        }

        if (Host.Length == 0) return Invalid("has no host"u8, ref problem);
        if (HostIsIPv6 && Host.IndexOf((byte)':') < 0) return Invalid("has brackets around something other than an IPv6 address"u8, ref problem);
        if (Host.Length > 253) return Invalid("has a host longer than 253 bytes"u8, ref problem);
        for (int i = 0; i < Host.Length; i++)
        {
            bool valid = HostIsIPv6 ? Ascii.IsHexDigit(Host[i]) || Host[i] is (byte)':' or (byte)'.' : Ascii.IsNameByte(Host[i]);
            if (!valid) return Invalid("has a host with a character that no host name has"u8, ref problem);
        }

        Port = Scheme == BrokerScheme.Http ? 80 : 443;
        if (port.Length == 0) return true;
        return Ascii.TryParseNumber(port.Slice(1), 65535, out Port) && Port > 0 || Invalid("has a port that is not a number from 1 to 65535"u8, ref problem);
    }

    private static bool Invalid(ReadOnlySpan<byte> why, ref Problem problem)
    {
        problem.Set(ExitCode.Usage, "the broker's URL "u8, why);
        return problem.Advise("It must be "u8, ValidValues);
    }
}
