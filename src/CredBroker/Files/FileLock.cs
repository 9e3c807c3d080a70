using System;
using System.IO;
using System.Runtime.InteropServices;

namespace CredBroker.Files;

/// <summary>A lock that the kernel gives up when its holder ends, however it ends: flock(2) on a file.</summary>
internal static partial class FileLock
{
    private const int LOCK_EX = 2;

    /// <summary>Takes the lock if nobody has it; null where somebody has. Dispose gives it up.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor is it this user's.</exception>
    public static FileStream? Try(string path)
    {
        FileStream file = Open(path);
        if (flock((int)file.SafeFileHandle.DangerousGetHandle(), LOCK_EX | 4 /* LOCK_NB */) == 0) return file;
        file.Dispose();
        return null;
    }

    /// <summary>Waits for the lock. Only for locks that are held for moments.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor is it this user's.</exception>
    public static FileStream Wait(string path)
    {
        FileStream file = Open(path);
        while (flock((int)file.SafeFileHandle.DangerousGetHandle(), LOCK_EX) != 0)
        {
            if (Marshal.GetLastPInvokeError() == 4 /* EINTR */) continue;
            file.Dispose();
            throw new IOException($"cannot lock {path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        return file;
    }

    // ReadWrite sharing: .NET's own flock would be a shared one otherwise, and fail where ours should wait.
    private static FileStream Open(string path) =>
        new(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite, UnixCreateMode = UnixModes.PrivateFile });

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(int fd, int operation);
}
