using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace CredBroker.Runs;

/// <summary>The processes of a run, known by what stands in their environment, wherever they were re-parented to. Source: proc(5).</summary>
internal static class RunProcesses
{
    /// <param name="mark">A <c>NAME=value</c> that only this run's processes have.</param>
    public static IReadOnlyList<int> Find(string mark)
    {
        byte[] entry = Encoding.UTF8.GetBytes("\0" + mark + "\0");
        List<int> found = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int process) || process == Environment.ProcessId) continue;
            if (Has(folder, entry)) found.Add(process);
        }

        return found;
    }

    /// <summary>Whether a signal would kill the process: it neither catches nor ignores it.</summary>
    public static bool IsDefault(int process, int signal)
    {
        try
        {
            ulong handled = 0;
            foreach (string line in File.ReadLines($"/proc/{process}/status"))
            {
                bool isMask = line.StartsWith("SigIgn:", StringComparison.Ordinal) || line.StartsWith("SigCgt:", StringComparison.Ordinal);
                if (isMask) handled |= ulong.Parse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }

            return (handled >> (signal - 1) & 1) == 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it is gone
        }
    }

    private static bool Has(string folder, byte[] entry)
    {
        try
        {
            byte[] environment = File.ReadAllBytes(Path.Combine(folder, "environ"));
            return ((ReadOnlySpan<byte>)[0, .. environment]).IndexOf(entry) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it is gone, or another user's
        }
    }
}
