using System;

namespace AwsCred.Native;

/// <summary>A connected socket, TCP or unix, with TLS on it or without. Blocking: the run's deadline bounds every call.</summary>
internal readonly unsafe struct Connection
{
    private readonly int _fd;
    private readonly Tls _tls;

    private Connection(int fd, Tls tls = default)
    {
        _fd = fd;
        _tls = tls;
    }

    /// <summary>Tries one address after the other; none may use up the time of those after it. The problem tells of the last that could be tried.</summary>
    /// <param name="error">errno of that one.</param>
    public static bool TryOpen(Span<SocketAddress> addresses, out Connection connection, out int error, scoped ref Problem problem)
    {
        connection = default;
        error = 0;
        for (int i = 0; i < addresses.Length; i++)
        {
            error = TryConnect(ref addresses[i], addresses.Length - i, error, out int fd, ref problem);
            if (error != 0) continue;
            connection = new Connection(fd);
            return true;
        }

        return false;
    }

    /// <param name="error">errno of the failure.</param>
    public static bool TryOpenUnix(ReadOnlySpan<byte> path, out Connection connection, out int error, scoped ref Problem problem)
    {
        connection = default;
        Deadline.Enter("connecting to "u8, path);
        byte* address = stackalloc byte[2 + BrokerUrl.MaximumSocketPath + 1]; // struct sockaddr_un
        Text text = new(address, 2 + BrokerUrl.MaximumSocketPath + 1);
        text.Append((byte)Libc.AF_UNIX);
        text.Append((byte)0);
        text.Append(path);
        text.Append((byte)0);
        error = 0;
        if (!TryOpenSocket(Libc.AF_UNIX, out int fd))
        {
            error = Libc.Errno;
        }
        else
        {
            if (Libc.connect(fd, address, text.Length) == 0)
            {
                connection = new Connection(fd);
                return true;
            }

            error = Libc.Errno;
            Libc.close(fd);
        }

        problem.Set(ExitCode.Failed, "cannot connect to the broker's socket "u8, path, ": "u8);
        AppendReason(error, ref problem.Line);
        return false;
    }

    /// <summary>Starts TLS on a connection: from then on it sends and receives by it.</summary>
    public bool TryStartTls(scoped in BrokerUrl url, scoped in Settings settings, out Connection connection, scoped ref Problem problem)
    {
        connection = default;
        if (!Tls.TryStart(_fd, url, settings, out Tls tls, ref problem)) return false;
        connection = new Connection(_fd, tls);
        return true;
    }

    /// <summary>What was agreed on; only once TLS has been started.</summary>
    public Tls Tls => _tls;

    public readonly bool TrySend(ReadOnlySpan<byte> bytes, out int error)
    {
        if (_tls.IsOn) return _tls.TrySend(bytes, out error);
        error = 0;
        fixed (byte* start = bytes)
        {
            nint sent = 0;
            while (sent < bytes.Length)
            {
                nint count = Libc.send(_fd, start + sent, bytes.Length - sent, Libc.MSG_NOSIGNAL);
                if (count >= 0) sent += count;
                else if ((error = Libc.Errno) is not Libc.EINTR) return false;
            }
        }

        return true;
    }

    /// <summary>At least one byte; 0 at the end of the connection; -1 with errno.</summary>
    public readonly int Receive(Span<byte> memory, out int error)
    {
        if (_tls.IsOn) return _tls.Receive(memory, out error);
        error = 0;
        fixed (byte* start = memory)
        {
            while (true)
            {
                nint count = Libc.recv(_fd, start, memory.Length, 0);
                if (count >= 0) return (int)count;
                if ((error = Libc.Errno) is not Libc.EINTR) return -1;
            }
        }
    }

    public readonly void Close() => Libc.close(_fd);

    private static int TryConnect(ref SocketAddress address, int addressesLeft, int errorBefore, out int fd, scoped ref Problem problem)
    {
        byte* memory = stackalloc byte[SocketAddress.MaximumText];
        Text name = new(memory, SocketAddress.MaximumText);
        address.AppendTo(ref name);
        Deadline.Enter("connecting to "u8, name.Written);
        int error = 0;
        if (!TryOpenSocket(address.Family, out fd))
        {
            error = Libc.Errno;
        }
        else
        {
            if (addressesLeft > 1) LimitConnect(fd, Deadline.LeftMilliseconds / addressesLeft);
            if (address.Connect(fd) == 0) return 0;
            error = Libc.Errno;
            Libc.close(fd);
        }

        // localhost is ::1, too, where there is no IPv6: that says nothing about the broker, what went wrong before does.
        bool isNotOfThisMachine = error is Libc.EAFNOSUPPORT or Libc.EADDRNOTAVAIL or Libc.ENETUNREACH;
        if (isNotOfThisMachine && errorBefore != 0) return errorBefore;
        problem.Set(ExitCode.Failed, "cannot connect to the broker at "u8, name.Written, ": "u8);
        AppendReason(error, ref problem.Line);
        return error;
    }

    private static bool TryOpenSocket(int family, out int fd)
    {
        fd = Libc.socket(family, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0);
        if (fd is < 0 or > 2) return fd >= 0;
        // A caller that closed standard output must not have the credentials sent to the broker instead.
        int low = fd;
        fd = Libc.fcntl(low, Libc.F_DUPFD_CLOEXEC, 3);
        Libc.close(low);
        return fd >= 0;
    }

    private static void LimitConnect(int fd, long milliseconds)
    {
        long* time = stackalloc long[2]; // struct timeval: seconds, microseconds
        time[0] = milliseconds / 1000;
        time[1] = milliseconds % 1000 * 1000 + 1; // zero would mean no limit
        Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_SNDTIMEO, time, 2 * sizeof(long));
    }

    public static void AppendReason(int error, ref Text text)
    {
        ReadOnlySpan<byte> reason = error switch
        {
            Libc.ECONNREFUSED => "connection refused"u8,
            Libc.ECONNRESET or Libc.EPIPE => "connection reset"u8,
            Libc.ENETUNREACH => "network unreachable"u8,
            Libc.EHOSTUNREACH => "no route to host"u8,
            Libc.ETIMEDOUT or Libc.EINPROGRESS or Libc.EAGAIN => "no answer"u8,
            Libc.EACCES => "permission denied"u8,
            Libc.ENOENT => "there is no such socket"u8,
            Libc.EPROTO => "the TLS connection broke"u8,
            _ => default,
        };
        text.Append(reason);
        if (reason.Length > 0) return;
        text.Append("error "u8);
        text.AppendNumber(error);
    }
}
