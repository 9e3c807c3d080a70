using System;
using System.IO;
using System.Runtime.InteropServices;

namespace CredBroker.Files;

/// <summary>A folder in which no other user can put or swap a file: what stands in it is executed, or trusted.</summary>
internal static unsafe partial class PrivateFolder
{
    private const int AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100;
    private const uint STATX_TYPE = 1, STATX_MODE = 2, STATX_UID = 8;
    private const int S_IFMT = 0xF000, S_IFDIR = 0x4000, S_ISVTX = 0x200, WritableByOthers = 0x12;

    /// <summary>Makes the folder, 0700, if it is not there.</summary>
    /// <exception cref="IOException">It cannot be made, or it or its parent is another user's or open to others.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be made.</exception>
    public static void Ensure(string path)
    {
        Directory.CreateDirectory(path, UnixModes.PrivateFolder);
        (uint owner, int mode) = Look(path);
        uint user = UserId();
        if ((mode & S_IFMT) != S_IFDIR) throw new IOException($"{path} is not a folder, but a link or something else");
        if (owner != user) throw new IOException($"{path} belongs to another user, who could swap what stands in it");
        if ((mode & WritableByOthers) != 0) throw new IOException($"{path} is writable for others (chmod 700 mends it)");

        string parent = Path.GetDirectoryName(path)!;
        (owner, mode) = Look(parent);
        bool isOpen = (mode & WritableByOthers) != 0 && (mode & S_ISVTX) == 0;
        if (owner != user && owner != 0 || isOpen) throw new IOException($"{parent} is open to other users, who could swap what stands in it");
    }

    /// <summary>By statx(2), whose answer has one layout on all architectures: the owner at byte 20, type and mode at 28.</summary>
    private static (uint Owner, int Mode) Look(string path)
    {
        byte* answer = stackalloc byte[256];
        if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_TYPE | STATX_MODE | STATX_UID, answer) != 0)
        {
            throw new IOException($"cannot look at {path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        return (*(uint*)(answer + 20), *(ushort*)(answer + 28));
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* answer);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint UserId();
}
