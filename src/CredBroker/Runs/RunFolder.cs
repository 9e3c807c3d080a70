using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using CredBroker.Files;
using CredBroker.Grants;
using CredBroker.Payload;

namespace CredBroker.Runs;

/// <summary>
/// What a run puts on disk for its COMMAND: the helper and an AWS config that names it. No secret: the token is in the environment alone.
/// The folder is locked for as long as the run lives; one that nobody locks was left by a run that was killed.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    public const string LockName = "lock";

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
    /// <param name="grants">At least one; the first is the default.</param>
    public static bool TryCreate(string runs, string sessionId, IReadOnlyList<Grant> grants, out RunFolder? folder, out Failure? failure)
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
                AtomicFile.Write(folder.ConfigFile, Encoding.UTF8.GetBytes(AwsConfig.Write(Path.Combine(path, EmbeddedHelpers.FileName), grants)), UnixModes.PrivateFile);
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

    /// <summary>Held while a run makes its folder: then there is none that its run has not locked yet.</summary>
    public static FileLock MakeAndLock(string runs)
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

    /// <summary>COMMAND may have taken its own rights to what it made in there; they are the user's to give back.</summary>
    public static void Remove(string folder)
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
}
