using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>However a run ends, it leaves no process and no folder; only SIGKILL does, and the next start clears up after it.</summary>
public class RunSignalTests
{
    /// <summary>A command with a child in the background and one that it waits for; it says when both are there.</summary>
    private const string Family = "sleep 1000 & (sleep 1001 & echo ready; wait); true";

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    [InlineData("HUP", 129)]
    [InlineData("QUIT", 131)]
    public async Task Signal_to_run_alone_ends_all(string signal, int exitCode)
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        using ProcessRun run = host.StartRun("/bin/sh", "-c", Family);
        Assert.Equal("ready", await run.LineAsync());
        Assert.Single(host.RunFolders);

        await run.SendAsync(signal);
        ProcessResult result = await run.EndAsync();

        Assert.Equal((exitCode, "", ""), result.All);
        Assert.Empty(host.Processes());
        Assert.Empty(host.RunFolders);
    }

    [Fact]
    public async Task Command_gets_the_signal_and_the_time_to_end_by_itself()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        using ProcessRun run = host.StartRun("/bin/bash", "-c", "trap 'echo saving; sleep 0.2; echo saved; exit 3' TERM; echo ready; sleep 1000 & wait");
        Assert.Equal("ready", await run.LineAsync());

        await run.SendAsync("TERM");

        Assert.Equal((3, "saving\nsaved\n", ""), (await run.EndAsync()).All);
        Assert.Empty(host.Processes());
    }

    [Fact]
    public async Task Command_that_ignores_the_signal_is_killed_in_the_end()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        using ProcessRun run = host.StartRun("/bin/sh", "-c", "trap '' TERM; echo ready; sleep 1000");
        Assert.Equal("ready", await run.LineAsync());

        await run.SendAsync("TERM");

        Assert.Equal((137, "", ""), (await run.EndAsync()).All);
        Assert.Empty(host.Processes());
        Assert.Empty(host.RunFolders);
    }

    [Fact]
    public async Task Other_signals_are_passed_on()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        using ProcessRun run = host.StartRun("/bin/bash", "-c", "trap 'echo one' USR1; trap 'echo two; kill $!; exit 0' USR2; sleep 1000 & echo ready; while :; do wait; done");
        Assert.Equal("ready", await run.LineAsync());

        await run.SendAsync("USR1");
        Assert.Equal("one", await run.LineAsync());
        await run.SendAsync("USR2");

        ProcessResult result = await run.EndAsync();
        Assert.Equal((0, "two\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task Key_on_the_terminal_reaches_the_command_once()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        // COMMAND takes Ctrl-C and lives on, as an agent or a shell does; a second one would show. (In a shell a key that comes while it forks can get lost.)
        const string Agent = "perl -e '$| = 1; $SIG{INT} = sub { print qq(key\\n) }; print qq(ready\\n); select(undef, undef, undef, 0.05) while 1'";
        using ProcessRun terminal = InTerminal(host, Agent);
        Assert.Equal("ready", (await terminal.LineAsync()).Trim());

        await terminal.Input.WriteAsync(new byte[] { 3 });
        Assert.Equal("^Ckey", (await terminal.LineAsync()).Trim());
        await ProcessRun.SignalAsync("TERM", RunProcess(host));
        ProcessResult result = await terminal.EndAsync();

        Assert.Equal(143, result.ExitCode);
        Assert.DoesNotContain("key", result.Output, StringComparison.Ordinal);
        Assert.Empty(host.Processes());
        Assert.Empty(host.RunFolders);
    }

    [Fact]
    public async Task Signal_to_run_alone_ends_it_in_a_terminal_too()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        using ProcessRun terminal = InTerminal(host, "sh -c \"echo ready; exec sleep 1000\"");
        Assert.Equal("ready", (await terminal.LineAsync()).Trim());

        await ProcessRun.SignalAsync("INT", RunProcess(host));

        Assert.Equal(130, (await terminal.EndAsync()).ExitCode);
        Assert.Empty(host.Processes());
        Assert.Empty(host.RunFolders);
    }

    [Fact]
    public async Task Closing_the_terminal_ends_all()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        using ProcessRun terminal = InTerminal(host, $"sh -c \"{Family}\"");
        Assert.Equal("ready", (await terminal.LineAsync()).Trim());
        using System.Diagnostics.Process run = System.Diagnostics.Process.GetProcessById(RunProcess(host));

        await terminal.SendAsync("KILL"); // the terminal is gone, as when its window is closed
        await run.WaitForExitAsync();

        Assert.Empty(host.Processes());
        Assert.Empty(host.RunFolders);
    }

    [Fact]
    public async Task Next_start_clears_what_a_killed_run_left_and_leaves_a_live_one()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        using ProcessRun live = host.StartRun("/bin/sh", "-c", "echo ready; exec sleep 1000");
        await live.LineAsync();
        string[] ofLive = host.RunFolders;
        using ProcessRun killed = host.StartRun("/bin/sh", "-c", "echo $$; exec sleep 1000");
        string orphan = await killed.LineAsync();
        await killed.SendAsync("KILL");
        await ProcessRun.SignalAsync("TERM", int.Parse(orphan, CultureInfo.InvariantCulture)); // lives on without its run, and holds the test's pipe
        await killed.EndAsync();
        Assert.Equal(2, host.RunFolders.Length);

        ProcessResult next = await host.RunAsync("/bin/true");

        Assert.Equal((0, "", ""), next.All);
        Assert.Equal(ofLive, host.RunFolders);
        await live.SendAsync("TERM");
        Assert.Equal(143, (await live.EndAsync()).ExitCode);
        Assert.Empty(host.RunFolders);
    }

    /// <summary>script(1) gives the run a terminal of its own and returns its exit code.</summary>
    private static ProcessRun InTerminal(HostUnderTest host, string command) =>
        ProcessRun.Start(["/usr/bin/script", "-qefc", $"exec '{ShippedFiles.Broker}' run --grant aws -- {command}", "/dev/null"], host.Environment);

    /// <summary>The cred-broker of this host: the one with its folder for state, and without a run's config.</summary>
    private static int RunProcess(HostUnderTest host) => Directory.GetDirectories("/proc").Where(folder => IsRun(folder, host)).Select(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)).Single();

    private static bool IsRun(string folder, HostUnderTest host)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).StartsWith(ShippedFiles.Broker + "\0run\0", StringComparison.Ordinal) &&
                File.ReadAllText(Path.Combine(folder, "environ")).Contains(host.Folder, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
