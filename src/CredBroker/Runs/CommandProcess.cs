using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace CredBroker.Runs;

/// <summary>
/// COMMAND as a child in the same process group and terminal. Signals are passed on; one that ends the run ends all that it started.
/// </summary>
internal sealed class CommandProcess : IDisposable
{
    /// <summary>What COMMAND has for its own clean-up after SIGTERM or SIGHUP, as docker stop gives it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>What the processes that it leaves behind have.</summary>
    private static readonly TimeSpan OrphanGrace = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    private static readonly int[] Forwarded = [Posix.SIGHUP, Posix.SIGINT, Posix.SIGQUIT, Posix.SIGUSR1, Posix.SIGUSR2, Posix.SIGTERM];

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly List<int> _early = [];
    private readonly TimeProvider _clock;
    private int _process;
    private bool _isEnding;

    /// <summary>Catches signals from now on, before COMMAND is there, so that none ends the run in the middle.</summary>
    public CommandProcess(TimeProvider clock)
    {
        _clock = clock;
        foreach (int signal in Forwarded) _registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, OnSignal));
    }

    /// <summary>Set by the first SIGHUP, SIGINT or SIGTERM: what has not begun need not begin.</summary>
    public CancellationToken Ending => _ending.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _ending.Dispose();
    }

    /// <param name="mark">The <c>NAME=value</c> in the environment by which the run's processes are known.</param>
    /// <returns>Its exit code, or 128 + the signal that ended it.</returns>
    /// <exception cref="Win32Exception">The system does not start it.</exception>
    public async Task<int> RunAsync(ProcessStartInfo start, string mark)
    {
        using Process process = new() { StartInfo = start };
        lock (_lock)
        {
            process.Start();
            _process = process.Id;
            foreach (int signal in _early) Posix.Send(signal, _process);
        }

        await process.WaitForExitAsync();
        lock (_lock) _process = 0;
        if (_isEnding) await EndOrphansAsync(mark);
        return process.ExitCode;
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true; // the run goes on until COMMAND ends
        int signal = Number(context.Signal);
        bool ends = signal is Posix.SIGHUP or Posix.SIGINT or Posix.SIGTERM;
        bool isFromTerminal = signal is Posix.SIGINT or Posix.SIGQUIT && Terminal.IsForeground();
        lock (_lock)
        {
            if (ends && !isFromTerminal) _isEnding = true;
            if (ends) _ending.Cancel();
            if (_process == 0) _early.Add(signal);
            else if (!isFromTerminal) Posix.Send(signal, _process);
        }

        if (isFromTerminal) _ = PassOnIfMissedAsync(signal);
        else if (signal is Posix.SIGHUP or Posix.SIGTERM) _ = KillAfterGraceAsync();
    }

    /// <summary>
    /// Ctrl-C has reached COMMAND from the kernel, and twice would mean something else to many programs. But a signal that was
    /// sent to this process alone has not: a COMMAND that lives on, though it would die of the signal, has not got it.
    /// </summary>
    private async Task PassOnIfMissedAsync(int signal)
    {
        await Task.Delay(Moment, _clock);
        lock (_lock)
        {
            if (_process == 0 || !RunProcesses.IsDefault(_process, signal)) return;
            _isEnding = true;
            Posix.Send(signal, _process);
        }
    }

    private async Task KillAfterGraceAsync()
    {
        await Task.Delay(Grace, _clock);
        lock (_lock)
        {
            if (_process != 0) Posix.Send(Posix.SIGKILL, _process);
        }
    }

    private async Task EndOrphansAsync(string mark)
    {
        long start = _clock.GetTimestamp();
        int signal = Posix.SIGTERM;
        while (RunProcesses.Find(mark) is { Count: > 0 } orphans && _clock.GetElapsedTime(start) < 2 * OrphanGrace)
        {
            foreach (int orphan in orphans) Posix.Send(signal, orphan);
            await Task.Delay(Moment, _clock);
            signal = _clock.GetElapsedTime(start) < OrphanGrace ? Posix.NoSignal : Posix.SIGKILL;
        }
    }

    private static int Number(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => Posix.SIGHUP,
        PosixSignal.SIGINT => Posix.SIGINT,
        PosixSignal.SIGQUIT => Posix.SIGQUIT,
        PosixSignal.SIGTERM => Posix.SIGTERM,
        _ => (int)signal,
    };
}
