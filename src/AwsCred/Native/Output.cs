using System;

namespace AwsCred.Native;

/// <summary>Standard output and error.</summary>
internal static unsafe class Output
{
    /// <summary>One write where the kernel takes it all at once; false, with errno in the problem, where it does not take it.</summary>
    public static bool TryWriteStandardOutput(ReadOnlySpan<byte> bytes, ref Problem problem)
    {
        int error = Write(1, bytes);
        if (error == 0) return true;
        problem.Set(ExitCode.Failed, "cannot write to standard output: "u8, error switch
        {
            Libc.EBADF => "it is closed"u8,
            Libc.EPIPE => "nobody reads it any more"u8,
            Libc.ENOSPC => "no space is left"u8,
            Libc.EFBIG => "the file may not grow so large (ulimit -f)"u8,
            _ => "error "u8,
        });
        if (error is not (Libc.EBADF or Libc.EPIPE or Libc.ENOSPC or Libc.EFBIG)) problem.Line.AppendNumber(error);
        return false;
    }

    /// <summary>Best effort: there is nowhere to say that stderr does not work.</summary>
    public static void WriteStandardError(ReadOnlySpan<byte> bytes) => Write(2, bytes);

    /// <summary>Writes what is taken without waiting, all of it or not: safe in a signal's handler.</summary>
    /// <param name="fd">1 or 2.</param>
    public static bool TryWriteAtOnce(int fd, ReadOnlySpan<byte> bytes)
    {
        const int one = 4096; // a pipe that takes anything takes so much
        while (bytes.Length > 0)
        {
            Libc.PollDescriptor descriptor = new() { Descriptor = fd, Events = Libc.POLLOUT };
            if (Libc.poll(&descriptor, 1, 0) != 1) return false;
            ReadOnlySpan<byte> next = bytes.Slice(0, bytes.Length < one ? bytes.Length : one);
            if (Write(fd, next) != 0) return false;
            bytes = bytes.Slice(next.Length);
        }

        return true;
    }

    private static int Write(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint written = 0;
            while (written < bytes.Length)
            {
                nint count = Libc.write(fd, start + written, bytes.Length - written);
                if (count >= 0)
                {
                    written += count;
                    continue;
                }

                int error = Libc.Errno;
                if (error == Libc.EAGAIN) WaitUntilWritable(fd); // the caller made the pipe non-blocking
                else if (error != Libc.EINTR) return error;
            }
        }

        return 0;
    }

    private static void WaitUntilWritable(int fd)
    {
        Libc.PollDescriptor descriptor = new() { Descriptor = fd, Events = Libc.POLLOUT };
        Libc.poll(&descriptor, 1, -1);
    }
}
