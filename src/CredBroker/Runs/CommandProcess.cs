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
    private string _mark = "";
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
            _mark = mark;
            Posix.DefaultBrokenPipes();
            try
            {
                process.Start();
            }
            finally
            {
                Posix.IgnoreBrokenPipes();
            }

            _process = process.Id;
            foreach (int signal in _early) Posix.Send(signal, _process);
        }

        await process.WaitForExitAsync();
        lock (_lock) _process = 0;
        if (_isEnding) await EndOrphansAsync();
        return process.ExitCode;
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true; // the run goes on until COMMAND ends
        int signal = Number(context.Signal);
        bool isKey = signal is Posix.SIGINT or Posix.SIGQUIT;
        bool isFromTerminal = isKey && Terminal.IsForeground();
        lock (_lock)
        {
            if (signal is Posix.SIGHUP or Posix.SIGINT or Posix.SIGTERM)
            {
                _isEnding |= !isFromTerminal;
                _ending.Cancel();
            }

            if (_process == 0) _early.Add(signal);
            else if (!isKey) Posix.Send(signal, _process);
        }

        if (isKey) _ = PressAsync(signal, isFromTerminal);
        else if (signal is Posix.SIGHUP or Posix.SIGTERM) _ = KillAfterGraceAsync();
    }

    /// <summary>
    /// Ctrl-C and Ctrl-\ reach every process of a terminal's foreground group from the kernel, and twice would mean something else to
    /// many programs. But where COMMAND lives on, though it would die of the signal, it was sent to this process alone. Then, and
    /// where there is no terminal, all processes of the run get it, as they would from the keyboard.
    /// </summary>
    private async Task PressAsync(int signal, bool isFromTerminal)
    {
        if (isFromTerminal) await Task.Delay(Moment, _clock);
        lock (_lock)
        {
            if (_process == 0 || isFromTerminal && !RunProcesses.IsDefault(_process, signal)) return;
            _isEnding = true;
            foreach (int process in RunProcesses.Find(_mark)) Posix.Send(signal, process);
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

    private async Task EndOrphansAsync()
    {
        long start = _clock.GetTimestamp();
        int signal = Posix.SIGTERM;
        while (RunProcesses.Find(_mark) is { Count: > 0 } orphans && _clock.GetElapsedTime(start) < 2 * OrphanGrace)
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
