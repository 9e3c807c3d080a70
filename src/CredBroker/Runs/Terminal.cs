using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace CredBroker.Runs;

internal static class Terminal
{
    /// <summary>Whether this process group has the terminal: then Ctrl-C reaches every process in it from the kernel itself.</summary>
    public static bool IsForeground()
    {
        try
        {
            using SafeFileHandle terminal = File.OpenHandle("/dev/tty", FileMode.Open, FileAccess.Read);
            return Posix.ForegroundGroup((int)terminal.DangerousGetHandle()) == Posix.ProcessGroup();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // there is no terminal
        }
    }
}
