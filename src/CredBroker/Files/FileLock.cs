using System;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CredBroker.Files;

/// <summary>
/// A lock that the kernel gives up when its holder ends, however it ends: flock(2) on a file. Not by FileStream, which takes
/// a lock of its own on the same file and fails where this one should wait.
/// </summary>
internal sealed partial class FileLock : IDisposable
{
    private const int O_RDWR = 2, O_CREAT = 0x40, O_CLOEXEC = 0x80000;
    private const int LOCK_EX = 2, LOCK_NB = 4, LOCK_UN = 8;
    private const int ENOENT = 2, EINTR = 4, EWOULDBLOCK = 11;

    private readonly SafeFileHandle _file;

    private FileLock(SafeFileHandle file) => _file = file;

    /// <summary>A time that holders note for those who come after them: it stays when a holder is killed. The time of the file's last change, so a noted one is on disk within seconds, and costs nothing.</summary>
    public DateTime Noted
    {
        get => File.GetLastWriteTimeUtc(_file);
        set => File.SetLastWriteTimeUtc(_file, value);
    }

    /// <summary>Takes the lock if nobody has it; null where somebody has. The file is made if it is not there.</summary>
    /// <exception cref="IOException">The file cannot be opened or locked.</exception>
    public static FileLock? Try(string path) => Take(path, O_CREAT, LOCK_EX | LOCK_NB);

    /// <summary>The same of a file that must be there.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file cannot be opened or locked.</exception>
    public static FileLock? TryExisting(string path) => Take(path, 0, LOCK_EX | LOCK_NB);

    /// <summary>Waits for the lock. Only for locks that are held for moments.</summary>
    /// <exception cref="IOException">The file cannot be opened or locked.</exception>
    public static FileLock Wait(string path) => Take(path, O_CREAT, LOCK_EX)!;

    /// <summary>Not by closing alone: a child that another thread has just forked has a copy of the descriptor until it executes, and the lock with it.</summary>
    public void Dispose()
    {
        if (_file.IsClosed) return;
        _ = flock(_file, LOCK_UN);
        _file.Dispose();
    }

    private static FileLock? Take(string path, int create, int operation)
    {
        SafeFileHandle file = open(path, O_RDWR | create | AppendFile.O_NOFOLLOW | O_CLOEXEC, (int)UnixModes.PrivateFile);
        int error = file.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
        while (error is 0 or EINTR)
        {
            if (flock(file, operation) == 0) return new FileLock(file);
            error = Marshal.GetLastPInvokeError();
        }

        file.Dispose();
        if (error == ENOENT) throw new FileNotFoundException($"there is no {path}");
        return error == EWOULDBLOCK ? null : throw new IOException($"cannot lock {path}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    // variadic in C; on x64 and arm64 Linux the mode travels as a third ordinary argument
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);
}
