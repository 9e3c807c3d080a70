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
        problem.Set(ExitCode.Failed, "cannot write the credentials to standard output: "u8, error switch
        {
            Libc.EBADF => "it is closed"u8,
            Libc.EPIPE => "nobody reads it any more"u8,
            Libc.ENOSPC => "no space is left"u8,
            _ => "error "u8,
        });
        if (error is not (Libc.EBADF or Libc.EPIPE or Libc.ENOSPC)) problem.Line.AppendNumber(error);
        return false;
    }

    /// <summary>Best effort: there is nowhere to say that stderr does not work.</summary>
    public static void WriteStandardError(ReadOnlySpan<byte> bytes) => Write(2, bytes);

    /// <summary>Whether it takes a message at once: a pipe that takes anything takes 4 KiB.</summary>
    public static bool CanWriteStandardError()
    {
        Libc.PollDescriptor descriptor = new() { Descriptor = 2, Events = Libc.POLLOUT };
        return Libc.poll(&descriptor, 1, 0) == 1;
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
