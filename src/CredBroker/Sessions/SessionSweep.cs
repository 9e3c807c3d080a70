using System;
using System.Threading;
using System.Threading.Tasks;

namespace CredBroker.Sessions;

/// <summary>Ends sessions whose time is over, and writes down when the others were used: at the beginning, now and then, and never on a request's time.</summary>
internal sealed class SessionSweep : IAsyncDisposable
{
    /// <summary>How late the audit line of an end, and the note of a use, may be. Requests know the ends to the moment without it.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>How much longer than it was seen alive a broker may have served: until the next sweep, and that may come late where the disk is slow.</summary>
    public static readonly TimeSpan Slack = 2 * Interval;

    private readonly Lock _lock = new();
    private readonly SessionLifecycle _lifecycle;
    private readonly ITimer _timer;
    private Task _running = Task.CompletedTask;
    private bool _isStopped;

    public SessionSweep(SessionLifecycle lifecycle, TimeProvider clock)
    {
        _lifecycle = lifecycle;
        lifecycle.NoteAlive();
        _timer = clock.CreateTimer(_ => Start(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>When the last sweep is done, and the last uses are written.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock) _isStopped = true;
        await _timer.DisposeAsync();
        await _running;
        _lifecycle.WriteEnd();
    }

    private void Start()
    {
        lock (_lock)
        {
            if (!_isStopped) _running = SweepAsync();
        }
    }

    private async Task SweepAsync()
    {
        _lifecycle.NoteAlive();
        await _lifecycle.EndOverdueAsync();
        _lifecycle.WriteUses();
        lock (_lock)
        {
            // From one end to the next beginning: a slow disk does not make them overlap.
            if (!_isStopped) _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
    }
}
