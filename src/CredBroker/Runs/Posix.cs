using System.Runtime.InteropServices;

namespace CredBroker.Runs;

/// <summary>The calls of libc that .NET has no name for.</summary>
internal static partial class Posix
{
    public const int NoSignal = 0, SIGHUP = 1, SIGINT = 2, SIGQUIT = 3, SIGKILL = 9, SIGUSR1 = 10, SIGUSR2 = 12, SIGTERM = 15;

    /// <summary>Sends a signal. A process that is gone needs none, so there is nothing to report.</summary>
    public static void Send(int signal, int process) => _ = Kill(process, signal);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    public static partial int ProcessGroup();

    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    public static partial int ForegroundGroup(int terminal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
