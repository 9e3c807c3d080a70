using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Metrics;

namespace CredBroker.Audit;

/// <summary>
/// The audit in a file, hash-chained. Group commit: one thread writes all that waits by one write(2) and one fdatasync(2),
/// and what comes meanwhile waits for the next.
/// </summary>
internal sealed class AuditTrail : IAuditTrail, IAsyncDisposable
{
    /// <summary>A disk that has not answered by then hangs. SDKs give up at 2 s.</summary>
    private static readonly TimeSpan DiskPatience = TimeSpan.FromSeconds(1);

    /// <summary>At the beginning nobody waits but the user: a disk that is merely busy is waited for.</summary>
    private static readonly TimeSpan OpenPatience = TimeSpan.FromSeconds(5);

    /// <summary>When those who were refused may ask again, and when the trail itself has tried again.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>More than all connections can wait for: what is beyond comes faster than the disk takes it.</summary>
    private const int MostWaiting = 8192;

    private readonly AuditSettings _settings;
    private readonly TimeProvider _clock;
    private readonly BrokerLog _log;
    private readonly BrokerMetrics? _metrics;
    private readonly AuditWriter _file;
    private readonly RefusalFold _refusals;
    private readonly ITimer _disk, _retry;

    private readonly object _gate = new(); // a monitor: the writer waits on it
    private AuditBatch _next = new();
    private AuditBatch? _writing;
    private long _writingSince;
    private Thread? _writer;
    private long _lost, _told; // told: since the trail began to fail
    private bool _isTellingDue; // that events are lost, be there others to write or not
    private bool _isFailing;
    private bool _isEnding;

    public AuditTrail(AuditSettings settings, TimeProvider clock, BrokerLog log, BrokerMetrics? metrics = null)
    {
        (_settings, _clock, _log, _metrics) = (settings, clock, log, metrics);
        _file = new AuditWriter(settings, clock, log);
        _refusals = new RefusalFold(clock, refusal => TryEnqueue(refusal));
        _disk = clock.CreateTimer(_ => GiveUpOnDisk(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _retry = clock.CreateTimer(_ => TellLost(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool IsWritable => _settings.IsOptional || !Volatile.Read(ref _isFailing);

    /// <summary>Tries the file before there is anything to write.</summary>
    /// <returns>Null: it can be written, or need not be.</returns>
    public async Task<Failure?> OpenAsync(CancellationToken stopping)
    {
        try
        {
            // On a thread of its own, which ends with the process if the disk holds it, or another process the file's lock.
            await Task.Factory.StartNew(_file.Try, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(OpenPatience, _clock, stopping);
            return null;
        }
        catch (OperationCanceledException)
        {
            return new Failure(FailureKind.Host, "Interrupted", "interrupted before the audit was open");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TimeoutException)
        {
            bool isHeld = e is TimeoutException;
            string why = isHeld ? $"{_settings.Path} could not be had for {OpenPatience.TotalSeconds:0} s: its disk hangs, or another process has locked it" : e.Message;
            if (_settings.IsOptional)
            {
                lock (_gate) SetFailing(why);
                return null;
            }

            string hint = isHeld ? $"See who has it: lslocks, fuser {_settings.Path}." : "Make its folder writable for this user alone.";
            return new Failure(FailureKind.Host, "AuditUnavailable", $"the audit cannot be written, and without it nothing is granted or given: {why}", $"{hint} run and serve take another file by --audit-file, and go on without by --audit-optional.");
        }
    }

    public ValueTask<Failure?> RecordAsync(AuditEvent entry)
    {
        if (entry.Kind != AuditKind.RequestRefused) return TryEnqueue(entry)?.Done ?? new ValueTask<Failure?>(Unavailable());
        _refusals.Add(entry);
        return default;
    }

    /// <summary>Ends when all that was recorded before is on disk, counts of refusals included.</summary>
    public async Task FlushAsync()
    {
        _refusals.Flush();
        Task last;
        // A batch that the disk has kept waiting for too long has ended for those who wait, and so has what came behind it.
        lock (_gate) last = _next.Entries.Count > 0 ? _next.Ended : _writing?.Ended ?? Task.CompletedTask;
        await last;
    }

    public async ValueTask DisposeAsync()
    {
        _refusals.Dispose();
        await FlushAsync();
        lock (_gate)
        {
            _isEnding = true;
            Monitor.Pulse(_gate);
        }

        _refusals.Flush(); // of those that came meanwhile: lost, and counted as that
        await _retry.DisposeAsync();
        // A thread that a dead disk holds ends with the process.
        bool hasEnded = _writer?.Join(DiskPatience) != false;
        await _disk.DisposeAsync();
        if (hasEnded) _file.Dispose();
        lock (_gate)
        {
            if (!hasEnded) GiveUp();
            if (_writing is { } unfinished) Lose(unfinished);
            if (_lost > 0) _log.AuditEventsLost(_lost);
        }
    }

    /// <returns>Null: it is lost, and counted as that.</returns>
    private AuditEntry? TryEnqueue(AuditEvent what)
    {
        AuditEntry entry = new(what, _clock.GetUtcNow());
        lock (_gate)
        {
            // While the disk hangs nobody waits for it: the answer is the same at once.
            bool hangs = _writing is { HasEnded: true };
            if (_isEnding || hangs || _next.Entries.Count >= MostWaiting)
            {
                Lose(what);
                return null;
            }

            if (_writer is null)
            {
                // Known once it runs: where no thread can be had, this request fails, and the next one tries again.
                Thread writer = new(WriteAll) { IsBackground = true, Name = "audit" };
                writer.Start();
                _writer = writer;
            }

            _next.Entries.Add(entry);
            if (_next.Entries.Count == 1) Monitor.Pulse(_gate);
            return entry;
        }
    }

    private void WriteAll()
    {
        while (TryTake(out AuditBatch batch)) Write(batch);
        bool isUntold;
        lock (_gate) isUntold = _lost > 0;
        if (isUntold) Write(new AuditBatch()); // the last chance to say so
    }

    /// <summary>Waits until there is something to write.</summary>
    /// <returns>False at the end.</returns>
    private bool TryTake(out AuditBatch batch)
    {
        lock (_gate)
        {
            while (_next.Entries.Count == 0 && !_isTellingDue && !_isEnding) Monitor.Wait(_gate);
            batch = _next;
            if (batch.Entries.Count == 0 && !_isTellingDue) return false;
            (_writing, _next, _writingSince, _isTellingDue) = (batch, new AuditBatch(), _clock.GetTimestamp(), false);
            return true;
        }
    }

    private void Write(AuditBatch batch)
    {
        long lost;
        lock (_gate) lost = _lost;
        string? why = null;
        _disk.Change(DiskPatience, Timeout.InfiniteTimeSpan);
        try
        {
            _file.Write(batch.Entries, lost);
        }
        catch (Exception e)
        {
            // Whatever it is, a bug included: a writer that ends would leave all who wait waiting.
            why = e is IOException or UnauthorizedAccessException ? e.Message : e.ToString();
        }

        _disk.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        bool isWell = why is null;
        lock (_gate)
        {
            _writing = null;
            if (isWell) _lost -= lost;
            else Lose(batch);
            // What was lost while this was written is told now, and not by the next event, which may never come.
            _isTellingDue = isWell && _lost > 0;
            if (!isWell) SetFailing(why!);
            else SetTold(lost);
        }

        if (!isWell) _retry.Change(RetryAfter, Timeout.InfiniteTimeSpan);
        batch.TryEnd(isWell ? null : Unavailable());
    }

    /// <summary>Tries the disk again by the line that is due, since nobody may come to ask: a broker that nobody asks gets ready, too.</summary>
    private void TellLost()
    {
        lock (_gate)
        {
            _isTellingDue = _lost > 0;
            Monitor.Pulse(_gate);
        }
    }

    private void GiveUpOnDisk()
    {
        lock (_gate)
        {
            if (_writing is null) return;
            // About the batch before, or a timer that fired a moment early: nobody else would watch this batch.
            TimeSpan left = DiskPatience - _clock.GetElapsedTime(_writingSince);
            if (left > TimeSpan.Zero)
            {
                _disk.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                return;
            }

            GiveUp();
        }
    }

    /// <summary>Under the lock, and those who wait only queued to the pool: who comes now must see that this batch has ended, or would join one that nobody watches.</summary>
    private void GiveUp()
    {
        // Who waits for the next write waits for the same disk.
        (AuditBatch behind, _next) = (_next, new AuditBatch());
        Lose(behind);
        bool isNews = !_isFailing;
        _isFailing = true;
        _writing?.TryEnd(Unavailable());
        behind.TryEnd(Unavailable());
        if (isNews) LogFailing($"the disk has not answered for {DiskPatience.TotalSeconds:0} s");
    }

    private void Lose(AuditBatch batch)
    {
        foreach (AuditEntry entry in batch.Entries) Lose(entry.Event);
    }

    /// <summary>Under the lock. A line says how many, once lines can be written again.</summary>
    private void Lose(AuditEvent what)
    {
        long events = what.Count ?? 1; // of refusals that share a line, each
        _lost += events;
        _metrics?.AuditFailed(events);
    }

    /// <summary>Under the lock, so that the log has these in their order. Says it once, and not for every request.</summary>
    private void SetFailing(string why)
    {
        if (_isFailing) return;
        _isFailing = true;
        LogFailing(why);
    }

    private void LogFailing(string why)
    {
        if (_settings.IsOptional) _log.AuditLeftOut(why);
        else _log.AuditUnwritable(why);
    }

    /// <summary>Under the lock.</summary>
    /// <param name="lost">How many of the events that are lost have been told by a line now.</param>
    private void SetTold(long lost)
    {
        if (!_isFailing) return;
        _told += lost;
        if (_lost > 0) return;
        if (_told > 0) _log.AuditWritableAgain(_told);
        else _log.AuditWritableAndWhole();
        (_isFailing, _told) = (false, 0);
    }

    private Failure? Unavailable() => _settings.IsOptional ? null : new Failure(
        FailureKind.Unavailable, "AuditUnavailable", "the broker cannot write its audit, and without it no credentials leave", "The broker's log says why: mostly a disk that is full or read-only.", RetryAfter: RetryAfter);
}
