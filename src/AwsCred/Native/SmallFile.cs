using System;

namespace AwsCred.Native;

/// <summary>A file that fits into memory that the caller owns.</summary>
internal static unsafe class SmallFile
{
    public const int MaximumPath = 4096; // the kernel's PATH_MAX

    /// <param name="path">NUL-terminated.</param>
    /// <param name="length">What was read: at most all of the memory; a file that fills it may be longer.</param>
    /// <returns>0, or errno.</returns>
    public static int Read(byte* path, Span<byte> memory, out int length)
    {
        length = 0;
        int fd = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC);
        if (fd < 0) return Libc.Errno;
        int error = 0;
        fixed (byte* start = memory)
        {
            while (length < memory.Length)
            {
                nint count = Libc.read(fd, start + length, memory.Length - length);
                if (count == 0) break;
                if (count > 0) length += (int)count;
                else if (Libc.Errno is int failure and not Libc.EINTR)
                {
                    error = failure;
                    break;
                }
            }
        }

        Libc.close(fd);
        return error;
    }

    public static ReadOnlySpan<byte> Reason(int error) => error switch
    {
        Libc.ENOENT => "there is no such file"u8,
        Libc.EACCES => "this user may not read it"u8,
        Libc.EISDIR => "it is a directory"u8,
        _ => "it cannot be read"u8,
    };
}
