using System;
using System.IO;
using System.Linq;

namespace CredBroker.Runs;

/// <summary>Finds COMMAND as execvp(3) does: by PATH if there is no slash in it. .NET's own search begins in its program's folder.</summary>
internal static class CommandPath
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="exitCode">127: not found; 126: found, but not a program.</param>
    public static bool TryFind(string command, string? searchPath, out string path, out int exitCode)
    {
        exitCode = ExitCodes.CommandNotFound;
        string[] candidates = command.Contains('/', StringComparison.Ordinal)
            ? [command]
            : [.. (searchPath ?? "/usr/local/bin:/usr/bin:/bin").Split(':').Select(folder => Path.Combine(folder.Length == 0 ? "." : folder, command))];
        path = "";
        foreach (string candidate in candidates)
        {
            if (!File.Exists(candidate) && !Directory.Exists(candidate)) continue;
            bool isProgram = File.Exists(candidate) && (File.GetUnixFileMode(candidate) & AnyExecute) != 0;
            if (isProgram)
            {
                path = Path.GetFullPath(candidate);
                return true;
            }

            exitCode = ExitCodes.CommandNotExecutable;
        }

        return false;
    }
}
