using System.IO;
using System.Runtime.InteropServices;

namespace CredBroker.Files;

/// <summary>What stands at a path, and whose it is; of a link, the link itself.</summary>
/// <param name="Mode">Type and mode, as stat(2) has them.</param>
internal readonly unsafe partial record struct FileStatus(uint Owner, int Mode)
{
    private const int AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, ENOENT = 2;
    private const uint STATX_TYPE = 1, STATX_MODE = 2, STATX_UID = 8;
    private const int S_IFMT = 0xF000, S_IFDIR = 0x4000, S_IFSOCK = 0xC000, S_ISVTX = 0x200;

    public bool IsFolder => (Mode & S_IFMT) == S_IFDIR;

    public bool IsSocket => (Mode & S_IFMT) == S_IFSOCK;

    /// <summary>In a folder with this bit nobody removes or renames what is another user's, as in /tmp.</summary>
    public bool IsSticky => (Mode & S_ISVTX) != 0;

    /// <exception cref="IOException">There is nothing, or it cannot be looked at.</exception>
    public static FileStatus Of(string path) => Look(path, out int error) ?? throw new IOException($"cannot look at {path}: {Marshal.GetPInvokeErrorMessage(error)}");

    /// <summary>Null where there is nothing.</summary>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    public static FileStatus? OfAny(string path) =>
        Look(path, out int error) ?? (error == ENOENT ? null : throw new IOException($"cannot look at {path}: {Marshal.GetPInvokeErrorMessage(error)}"));

    /// <summary>By statx(2), whose answer has one layout on all architectures: the owner at byte 20, type and mode at 28.</summary>
    private static FileStatus? Look(string path, out int error)
    {
        byte* answer = stackalloc byte[256];
        error = statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_TYPE | STATX_MODE | STATX_UID, answer) == 0 ? 0 : Marshal.GetLastPInvokeError();
        return error == 0 ? new FileStatus(*(uint*)(answer + 20), *(ushort*)(answer + 28)) : null;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* answer);
}
