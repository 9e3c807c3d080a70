using System;
using System.IO;
using System.Security.Cryptography;

namespace CredBroker.Files;

/// <summary>A file that is there as a whole, or not at all, whenever somebody looks.</summary>
internal static class AtomicFile
{
    /// <exception cref="IOException">No space, no such folder, …; nothing half-written stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not this user's to write.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes, UnixFileMode mode)
    {
        string temporary = $"{path}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.tmp";
        try
        {
            using (FileStream stream = new(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode }))
            {
                // The mode at creation is cut by the umask.
                File.SetUnixFileMode(stream.SafeFileHandle, mode);
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
