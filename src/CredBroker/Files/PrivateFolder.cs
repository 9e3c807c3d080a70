using System;
using System.IO;
using System.Runtime.InteropServices;

namespace CredBroker.Files;

/// <summary>A folder in which no other user can put or swap a file: what stands in it is executed, or trusted.</summary>
internal static partial class PrivateFolder
{
    private const int WritableByOthers = 0x12;

    /// <summary>Makes the folder, 0700, if it is not there.</summary>
    /// <exception cref="IOException">It cannot be made, or it or its parent is another user's or open to others.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be made.</exception>
    public static void Ensure(string path)
    {
        EnsureItself(path);
        string parent = Path.GetDirectoryName(path)!;
        FileStatus above = FileStatus.Of(parent);
        bool isOpen = (above.Mode & WritableByOthers) != 0 && !above.IsSticky;
        if (above.Owner != UserId() && above.Owner != 0 || isOpen) throw new IOException($"{parent} is open to other users, who could swap what stands in it");
    }

    /// <summary>The same, but for its parent: where a swap would be seen, and a umask of 002 makes parents that a group may write.</summary>
    /// <exception cref="IOException">It cannot be made, or it is another user's or open to others.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be made.</exception>
    public static void EnsureItself(string path)
    {
        Directory.CreateDirectory(path, UnixModes.PrivateFolder);
        FileStatus folder = FileStatus.Of(path);
        if (!folder.IsFolder) throw new IOException($"{path} is not a folder, but a link or something else");
        if (folder.Owner != UserId()) throw new IOException($"{path} belongs to another user, who could swap what stands in it");
        if ((folder.Mode & WritableByOthers) != 0) throw new IOException($"{path} is writable for others (chmod 700 mends it)");
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint UserId();
}
