using System;
using System.Collections.Generic;
using System.Threading;

namespace CredBroker.Audit;

/// <summary>
/// Repeats of one refusal within a minute as one line with their count: the first is written at once, the rest at the end of its minute.
/// SDKs repeat a refused request three to six times, and an attacker as often as they can.
/// </summary>
internal sealed class RefusalFold : IDisposable
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>Against filling memory with paths: beyond this many in a minute, refusals are told apart by their code alone.</summary>
    private const int MostKinds = 256, MostCodes = 64;

    private const string Any = "*";

    private readonly TimeProvider _clock;
    private readonly Action<AuditEvent> _write;
    private readonly Lock _lock = new();
    private readonly Dictionary<AuditEvent, long> _repeats = [];
    private readonly Queue<(AuditEvent Refusal, DateTimeOffset Ends)> _minutes = new();
    private readonly ITimer _timer;

    /// <param name="write">Takes what is to be written, in order; must not wait.</param>
    public RefusalFold(TimeProvider clock, Action<AuditEvent> write)
    {
        (_clock, _write) = (clock, write);
        _timer = clock.CreateTimer(_ => EndMinutes(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(AuditEvent refusal)
    {
        AuditEvent key = refusal with { Path = refusal.Path is null ? null : AuditLine.Path(refusal.Path), AccessKeyId = null, Expiration = null, Count = null };
        lock (_lock)
        {
            if (!_repeats.ContainsKey(key) && _repeats.Count >= MostKinds)
            {
                key = new AuditEvent(AuditKind.RequestRefused, Code: refusal.Code, Path: Any);
                if (!_repeats.ContainsKey(key) && _repeats.Count >= MostKinds + MostCodes) key = key with { Code = Any };
            }

            if (_repeats.TryGetValue(key, out long repeats))
            {
                _repeats[key] = repeats + 1;
                return;
            }

            _write(key);
            Start(key);
        }
    }

    /// <summary>Writes the counts of the minutes that have not ended.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            foreach ((AuditEvent refusal, _) in _minutes)
            {
                if (_repeats[refusal] > 0) _write(refusal with { Count = _repeats[refusal] });
            }

            _minutes.Clear();
            _repeats.Clear();
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Start(AuditEvent refusal)
    {
        _repeats[refusal] = 0;
        _minutes.Enqueue((refusal, _clock.GetUtcNow() + Window));
        if (_minutes.Count == 1) _timer.Change(Window, Timeout.InfiniteTimeSpan);
    }

    private void EndMinutes()
    {
        lock (_lock)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            while (_minutes.TryPeek(out (AuditEvent Refusal, DateTimeOffset Ends) first) && HasPassed(first.Ends, now))
            {
                _minutes.Dequeue();
                _repeats.Remove(first.Refusal, out long repeats);
                if (repeats == 0) continue;
                _write(first.Refusal with { Count = repeats });
                Start(first.Refusal); // it goes on: its next repeats are counted, too
            }

            if (_minutes.TryPeek(out (AuditEvent Refusal, DateTimeOffset Ends) next)) _timer.Change(next.Ends - now, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>A clock that was put back ends a minute, too.</summary>
    private static bool HasPassed(DateTimeOffset ends, DateTimeOffset now) => ends <= now || ends - now > Window;
}
