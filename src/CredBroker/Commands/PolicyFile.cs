using System;
using System.IO;
using System.Text;

namespace CredBroker.Commands;

/// <summary>The text of <c>--policy FILE</c>.</summary>
internal static class PolicyFile
{
    /// <summary>Far more than STS takes, white space included; a device or a log file ends here.</summary>
    private const int MostBytes = 64 * 1024;

    /// <param name="problem">Why there is none, as a line; null on success.</param>
    public static string? Read(string path, out string? problem)
    {
        problem = null;
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] bytes = new byte[MostBytes + 1];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            // Some editors begin a file with a byte order mark, and JSON has none.
            if (length <= MostBytes) return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length).TrimStart('\uFEFF');
            problem = $"--policy: {path} has more than {MostBytes / 1024} KiB, and is no session policy";
        }
        catch (DecoderFallbackException)
        {
            problem = $"--policy: {path} is not UTF-8 text";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = $"--policy: cannot read {(path.Length == 0 ? "it: the file's name is empty" : $"{path}: {e.Message}")}";
        }

        return null;
    }
}
