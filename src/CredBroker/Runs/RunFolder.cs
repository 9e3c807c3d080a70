using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using CredBroker.Files;
using CredBroker.Payload;
using CredBroker.Sessions;

namespace CredBroker.Runs;

/// <summary>
/// What a run puts on disk for its COMMAND: the helper and an AWS config that names it. No secret: the token is in the environment alone.
/// The folder is locked for as long as the run lives; one that nobody locks was left by a run that was killed.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private const string LockName = "lock";

    private readonly FileLock _lock;

    private RunFolder(string path, FileLock @lock)
    {
        FolderPath = path;
        _lock = @lock;
    }

    public string FolderPath { get; }
    public string ConfigFile => Path.Combine(FolderPath, "config");

    /// <summary>Empty: in the SDKs' order the keys of a credentials file come before the process of a config file.</summary>
    public string CredentialsFile => Path.Combine(FolderPath, "credentials");

    /// <param name="runs">The folder of all runs' folders; made if it is not there.</param>
    public static bool TryCreate(string runs, string sessionId, string region, out RunFolder? folder, out Failure? failure)
    {
        folder = null;
        failure = Check(runs, out string? rid);
        if (failure is not null) return false;
        string path = Path.Combine(runs, sessionId);
        try
        {
            using (MakeAndLock(runs)) folder = Make(path);
            failure = EmbeddedHelpers.Extract(rid!, Path.Combine(path, EmbeddedHelpers.FileName));
            if (failure is null)
            {
                AtomicFile.Write(folder.ConfigFile, Encoding.UTF8.GetBytes(Config(path, region)), UnixModes.PrivateFile);
                AtomicFile.Write(folder.CredentialsFile, [], UnixModes.PrivateFile);
                return true;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failure = new Failure(FailureKind.Host, "FolderNotMade", $"cannot make the run's folder {path}: {e.Message}", "Make its parent writable for this user, or set CRED_BROKER_HOME to another folder.");
        }

        folder?.Dispose();
        folder = null;
        return false;
    }

    /// <summary>Removes what runs that were killed have left; never the folder of one that lives.</summary>
    /// <returns>Folders that could not be removed, and why.</returns>
    public static IReadOnlyList<(string Folder, string Why)> Sweep(string runs)
    {
        List<(string, string)> left = [];
        if (!Directory.Exists(runs)) return left;
        try
        {
            // Held while a run makes its folder, too: there is no folder that its run has not locked yet.
            using FileLock exclusive = MakeAndLock(runs);
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

    public void Dispose()
    {
        try
        {
            Remove(FolderPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The lock goes with this process, and the next start sweeps.
        }

        _lock.Dispose();
    }

    private static Failure? Check(string runs, out string? rid)
    {
        rid = EmbeddedHelpers.ThisMachine;
        if (rid is null) return new Failure(FailureKind.Host, "NoHelper", "there is no helper for this machine's architecture", "It runs on x64 and arm64.");
        // botocore splits credential_process as a shell does, others hand it to a shell, and config parsers have comments of their own.
        bool isPlain = runs.All(c => char.IsAsciiLetterOrDigit(c) || "/._-+@,".Contains(c, StringComparison.Ordinal));
        return isPlain ? null : new Failure(FailureKind.Host, "FolderName", $"the folder {runs} has a character in its name that AWS configs cannot hold in a command", "Set CRED_BROKER_HOME to a folder named with letters, digits and . _ - + @ , alone.");
    }

    private static FileLock MakeAndLock(string runs)
    {
        PrivateFolder.Ensure(runs);
        return FileLock.Wait(Path.Combine(runs, ".lock"));
    }

    private static RunFolder Make(string path)
    {
        Directory.CreateDirectory(path, UnixModes.PrivateFolder);
        FileLock held = FileLock.Try(Path.Combine(path, LockName)) ?? throw new IOException("another run has it");
        return new RunFolder(path, held);
    }

    /// <returns>Null when it is removed, or lives.</returns>
    private static string? TryRemoveAbandoned(string folder)
    {
        try
        {
            using FileLock? abandoned = FileLock.TryExisting(Path.Combine(folder, LockName));
            if (abandoned is not null) Remove(folder);
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

    /// <summary>COMMAND may have taken its own rights to what it made in there; they are the user's to give back.</summary>
    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (UnauthorizedAccessException)
        {
            OpenUp(new DirectoryInfo(folder));
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void OpenUp(DirectoryInfo folder)
    {
        folder.UnixFileMode = UnixModes.PrivateFolder;
        foreach (DirectoryInfo inside in folder.EnumerateDirectories().Where(inside => inside.LinkTarget is null)) OpenUp(inside);
    }

    private static string Config(string path, string region) =>
        $"""
        # Written by cred-broker run, and removed when the run ends.
        [default]
        credential_process = {Path.Combine(path, EmbeddedHelpers.FileName)}
        region = {region}

        """;
}
