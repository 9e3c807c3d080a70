using System;

namespace AwsCred.Native;

/// <summary>The file that holds the token: read on every run, so that a new token is picked up.</summary>
internal static unsafe class TokenFile
{
    private const int MaximumPath = 4096; // the kernel's PATH_MAX

    /// <summary>A trailing newline is dropped: it is the editor's, not the token's.</summary>
    public static bool TryRead(ReadOnlySpan<byte> path, ReadOnlySpan<byte> variable, Span<byte> memory, out ReadOnlySpan<byte> token, scoped ref Problem problem)
    {
        token = default;
        Deadline.Enter("reading the token file in "u8, variable);
        byte* name = stackalloc byte[MaximumPath];
        Text text = new(name, MaximumPath);
        text.Append(path);
        text.Append((byte)0);
        if (text.Overflowed) return Unreadable(path, variable, "its name is too long"u8, ref problem);
        int fd = Libc.open(name, Libc.O_RDONLY | Libc.O_CLOEXEC);
        if (fd < 0) return Unreadable(path, variable, Reason(Libc.Errno), ref problem);
        int length = ReadAll(fd, memory, out int error);
        Libc.close(fd);
        if (error != 0) return Unreadable(path, variable, Reason(error), ref problem);
        if (length > 0 && memory[length - 1] == (byte)'\n') length--;
        if (length > 0 && memory[length - 1] == (byte)'\r') length--;
        if (length == 0) return Unreadable(path, variable, "it is empty"u8, ref problem);
        token = memory.Slice(0, length);
        return true;
    }

    private static int ReadAll(int fd, Span<byte> memory, out int error)
    {
        error = 0;
        int length = 0;
        fixed (byte* start = memory)
        {
            while (length < memory.Length)
            {
                nint count = Libc.read(fd, start + length, memory.Length - length);
                if (count == 0) break;
                if (count > 0) length += (int)count;
                else if ((error = Libc.Errno) is not Libc.EINTR) break;
                else error = 0;
            }
        }

        return length;
    }

    private static ReadOnlySpan<byte> Reason(int error) => error switch
    {
        Libc.ENOENT => "there is no such file"u8,
        Libc.EACCES => "this user may not read it"u8,
        Libc.EISDIR => "it is a directory"u8,
        _ => "it cannot be read"u8,
    };

    private static bool Unreadable(ReadOnlySpan<byte> path, ReadOnlySpan<byte> variable, ReadOnlySpan<byte> why, ref Problem problem)
    {
        problem.Set(ExitCode.Usage, "the token file in "u8, variable, " ("u8);
        problem.Line.AppendUntrusted(path, 200);
        problem.Line.Append("): "u8);
        problem.Line.Append(why);
        return problem.Advise("Mount the file that the broker wrote, readable for the user that runs this command."u8);
    }
}
