using System;
using System.IO;
using System.Runtime.InteropServices;

namespace CredBroker.Files;

/// <summary>What changes when a file is written or replaced: to know, by one system call, that it need not be read again.</summary>
internal readonly unsafe partial record struct FileStamp(ulong Inode, ulong Size, long ChangedSeconds, uint ChangedNanoseconds, long ModifiedSeconds, uint ModifiedNanoseconds)
{
    private const int AT_FDCWD = -100, ENOENT = 2, ENOTDIR = 20;
    private const uint STATX_MTIME = 0x40, STATX_CTIME = 0x80, STATX_INO = 0x100, STATX_SIZE = 0x200;

    /// <summary>Of no file.</summary>
    public static FileStamp None => default;

    /// <summary>By statx(2), whose answer has one layout on all architectures.</summary>
    /// <exception cref="IOException">The file cannot be looked at.</exception>
    public static FileStamp Of(string path)
    {
        byte* answer = stackalloc byte[256];
        if (statx(AT_FDCWD, path, 0, STATX_MTIME | STATX_CTIME | STATX_INO | STATX_SIZE, answer) == 0)
        {
            return new FileStamp(*(ulong*)(answer + 32), *(ulong*)(answer + 40), *(long*)(answer + 96), *(uint*)(answer + 104), *(long*)(answer + 112), *(uint*)(answer + 120));
        }

        int error = Marshal.GetLastPInvokeError();
        return error is ENOENT or ENOTDIR ? None : throw new IOException($"cannot look at {path}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* answer);
}
