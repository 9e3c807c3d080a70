using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CredBroker.Files;
using CredBroker.Sessions;

namespace CredBroker.Runs;

/// <summary>What runs that were killed have left on disk.</summary>
internal static class AbandonedRuns
{
    /// <summary>Removes what runs that were killed have left; never the folder of one that lives.</summary>
    /// <returns>Folders that could not be removed, and why.</returns>
    public static IReadOnlyList<(string Folder, string Why)> Sweep(string runs)
    {
        List<(string, string)> left = [];
        if (!Directory.Exists(runs)) return left;
        try
        {
            using FileLock exclusive = RunFolder.MakeAndLock(runs);
            // By its name alone a folder is a run's: whatever else somebody keeps here is theirs. So is what a link leads to.
            foreach (DirectoryInfo folder in new DirectoryInfo(runs).EnumerateDirectories().Where(folder => Session.IsId(folder.Name) && folder.LinkTarget is null).ToList())
            {
                if (TryRemoveAbandoned(folder.FullName) is string why) left.Add((folder.FullName, why));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            left.Add((runs, e.Message));
        }

        return left;
    }

    /// <returns>Null when it is removed, or lives.</returns>
    private static string? TryRemoveAbandoned(string folder)
    {
        try
        {
            using FileLock? abandoned = FileLock.TryExisting(Path.Combine(folder, RunFolder.LockName));
            if (abandoned is not null) RunFolder.Remove(folder);
            return null;
        }
        catch (FileNotFoundException)
        {
            // It has just been removed by its run; or its run was killed before it had a lock, and so before it had anything else.
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
