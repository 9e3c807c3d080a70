using System.Runtime.InteropServices;

namespace CredBroker.Runs;

/// <summary>The calls of libc that .NET has no name for.</summary>
internal static partial class Posix
{
    public const int SIGPIPE = 13, NoSignal = 0, SIGHUP = 1, SIGINT = 2, SIGQUIT = 3, SIGKILL = 9, SIGUSR1 = 10, SIGUSR2 = 12, SIGTERM = 15;

    /// <summary>Sends a signal. A process that is gone needs none, so there is nothing to report.</summary>
    public static void Send(int signal, int process) => _ = Kill(process, signal);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    public static partial int ProcessGroup();

    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    public static partial int ForegroundGroup(int terminal);

    /// <summary>No core file, and no look into this process's memory and environment by others of this user, COMMAND among them: both hold the host's identity.</summary>
    public static void HideMemory() => _ = ProcessControl(4 /* PR_SET_DUMPABLE */, 0, 0, 0, 0);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nint a, nint b, nint c, nint d);

    /// <summary>.NET ignores SIGPIPE, and a program that is started ignores what its parent does: <c>yes | head</c> would complain.</summary>
    public static void DefaultBrokenPipes() => _ = Signal(SIGPIPE, 0 /* SIG_DFL */);

    /// <summary>As .NET has it, which reports a broken pipe as an exception.</summary>
    public static void IgnoreBrokenPipes() => _ = Signal(SIGPIPE, 1 /* SIG_IGN */);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
