using System;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CredBroker.Files;

/// <summary>
/// A private file that is only ever added to, by several processes in turn: locked by flock(2), written by write(2) with O_APPEND,
/// on disk after fdatasync(2). Not by FileStream, which takes locks of its own and buffers.
/// </summary>
internal sealed unsafe partial class AppendFile : IDisposable
{
    private const int O_RDWR = 2, O_CREAT = 0x40, O_APPEND = 0x400, O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000;
    private const int AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, AT_EMPTY_PATH = 0x1000;
    private const uint STATX_BASIC_STATS = 0x7FF, RENAME_NOREPLACE = 1;
    private const int LOCK_SH = 1, LOCK_EX = 2, LOCK_UN = 8, EINTR = 4, ENOENT = 2, ELOOP = 40;
    private const int S_IFMT = 0xF000, S_IFREG = 0x8000, WritableByOthers = 0x12;

    private readonly SafeFileHandle _file;
    private readonly string _path;

    private AppendFile(SafeFileHandle file, string path) => (_file, _path) = (file, path);

    internal static int O_NOFOLLOW => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>What tells a file from another that has taken its name.</summary>
    public readonly record struct Identity(ulong Device, ulong Inode);

    /// <summary>Opens the file, made 0600 if it is not there.</summary>
    /// <exception cref="IOException">It cannot be opened, is a link or no file, belongs to somebody else, or others may write it.</exception>
    public static AppendFile Open(string path)
    {
        SafeFileHandle file = open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, (int)UnixModes.PrivateFile);
        if (file.IsInvalid)
        {
            int error = Marshal.GetLastPInvokeError();
            file.Dispose();
            // Against a link that somebody has put here: the lines would go to a place of their choosing.
            throw new IOException(error == ELOOP ? $"{path} is a link" : $"cannot open {path}: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        AppendFile opened = new(file, path);
        if (opened.WhyNotPrivate() is not string why) return opened;
        opened.Dispose();
        throw new IOException($"{path} {why}");
    }

    /// <summary>Waits until no other process has it.</summary>
    public void Lock()
    {
        while (flock(_file, LOCK_EX) != 0)
        {
            if (Marshal.GetLastPInvokeError() != EINTR) throw Failed($"lock {_path}");
        }
    }

    /// <summary>Waits until nobody writes.</summary>
    public static void AwaitUnlocked(SafeFileHandle file)
    {
        if (flock(file, LOCK_SH) == 0) _ = flock(file, LOCK_UN);
    }

    public void Unlock() => _ = flock(_file, LOCK_UN);

    public (Identity Identity, long Size) Look() => Look(_file);

    /// <summary>Which file has this name now; null: none.</summary>
    public static Identity? IdentityOf(string path)
    {
        if (TryLook(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, out Status status)) return status.Identity;
        return Marshal.GetLastPInvokeError() == ENOENT ? null : throw Failed($"look at {path}");
    }

    /// <summary>Adds bytes at the end, on disk when it returns.</summary>
    /// <exception cref="IOException">Not all of them are there; some may be.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            nint written;
            fixed (byte* start = bytes) written = write(_file, start, bytes.Length);
            if (written < 0 && Marshal.GetLastPInvokeError() == EINTR) continue;
            if (written <= 0) throw Failed($"write {_path}");
            bytes = bytes[(int)written..];
        }

        // An error here is final: the kernel forgets what it could not write, and the next call would report success.
        if (fdatasync(_file) != 0) throw Failed($"write {_path}");
    }

    /// <summary>Takes back what a failed <see cref="Append"/> may have left.</summary>
    public void CutBackTo(long size) => _ = ftruncate(_file, size);

    public SafeFileHandle Handle => _file;

    /// <summary>Opens a file to read, without a lock: a reader does not hold up those who write.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle OpenToRead(string path)
    {
        SafeFileHandle file = open(path, O_NONBLOCK | O_CLOEXEC, 0);
        if (!file.IsInvalid) return file;
        int error = Marshal.GetLastPInvokeError();
        file.Dispose();
        throw error == ENOENT ? new FileNotFoundException($"there is no {path}") : new IOException($"cannot open {path}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    public static (Identity Identity, long Size) Look(SafeFileHandle file) =>
        TryLook((int)file.DangerousGetHandle(), "", AT_EMPTY_PATH, out Status status) ? (status.Identity, status.Size) : throw Failed("look at the file");

    /// <summary>Renames a file, never over another. Through a power cut that is kept once its folder is synced.</summary>
    /// <exception cref="IOException">It keeps its old name.</exception>
    public static void Rename(string from, string to)
    {
        if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) != 0) throw Failed($"rename {from} to {to}");
    }

    /// <summary>Keeps the names in a folder through a power cut: syncing a new file does not keep its name.</summary>
    public static void SyncFolder(string folder)
    {
        using SafeFileHandle handle = open(folder, O_CLOEXEC, 0);
        if (handle.IsInvalid || fsync(handle) != 0) throw Failed($"write {folder}");
    }

    public void Dispose() => _file.Dispose();

    private string? WhyNotPrivate()
    {
        if (!TryLook((int)_file.DangerousGetHandle(), "", AT_EMPTY_PATH, out Status status)) return "cannot be looked at";
        if ((status.Mode & S_IFMT) != S_IFREG) return "is not a plain file";
        if (status.Owner != geteuid()) return "belongs to another user, who could change it";
        return (status.Mode & WritableByOthers) != 0 ? "is writable for others (chmod 600 mends it)" : null;
    }

    private static IOException Failed(string what) => new($"cannot {what}: {Marshal.GetLastPInvokeErrorMessage()}");

    private readonly record struct Status(uint Owner, int Mode, Identity Identity, long Size);

    /// <summary>By statx(2), whose answer has one layout on all architectures.</summary>
    private static bool TryLook(int folder, string path, int flags, out Status status)
    {
        byte* answer = stackalloc byte[256];
        bool isThere = statx(folder, path, flags, STATX_BASIC_STATS, answer) == 0;
        status = isThere ? new Status(*(uint*)(answer + 20), *(ushort*)(answer + 28), new Identity(*(ulong*)(answer + 136), *(ulong*)(answer + 32)), *(long*)(answer + 40)) : default;
        return isThere;
    }

    // variadic in C; on x64 and arm64 Linux the mode travels as a third ordinary argument
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* answer);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(SafeFileHandle file, byte* bytes, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ftruncate(SafeFileHandle file, long size);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
