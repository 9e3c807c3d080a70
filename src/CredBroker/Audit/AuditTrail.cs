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

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>More than all connections can wait for: what is beyond comes faster than the disk takes it.</summary>
    private const int MostWaiting = 8192;

    private readonly AuditSettings _settings;
    private readonly TimeProvider _clock;
    private readonly BrokerLog _log;
    private readonly BrokerMetrics? _metrics;
    private readonly AuditWriter _file;
    private readonly RefusalFold _refusals;
    private readonly ITimer _disk;

    private readonly object _gate = new(); // a monitor: the writer waits on it
    private AuditBatch _next = new();
    private AuditBatch? _writing;
    private long _writingSince;
    private Thread? _writer;
    private long _lost;
    private bool _isFailing;
    private bool _isEnding;

    public AuditTrail(AuditSettings settings, TimeProvider clock, BrokerLog log, BrokerMetrics? metrics = null)
    {
        (_settings, _clock, _log, _metrics) = (settings, clock, log, metrics);
        _file = new AuditWriter(settings, clock, log);
        _refusals = new RefusalFold(clock, refusal => TryEnqueue(refusal));
        _disk = clock.CreateTimer(_ => GiveUpOnDisk(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool IsWritable => _settings.IsOptional || !Volatile.Read(ref _isFailing);

    /// <summary>Tries the file before there is anything to write.</summary>
    /// <returns>Null: it can be written, or need not be.</returns>
    public Failure? Open()
    {
        try
        {
            _file.Try();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_settings.IsOptional) SetFailing(e.Message);
            string hint = "Make its folder writable for this user alone. run and serve take another file by --audit-file, and go on without by --audit-optional.";
            return _settings.IsOptional ? null : new Failure(FailureKind.Host, "AuditUnavailable", $"the audit cannot be written, and without it nothing is granted or given: {e.Message}", hint);
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

        await _disk.DisposeAsync();
        // A thread that a dead disk holds ends with the process.
        if (_writer?.Join(DiskPatience) == false) return;
        _file.Dispose();
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
                Lose(1);
                return null;
            }

            _next.Entries.Add(entry);
            if (_next.Entries.Count == 1) Monitor.Pulse(_gate);
            if (_writer is null)
            {
                _writer = new Thread(WriteAll) { IsBackground = true, Name = "audit" };
                _writer.Start();
            }

            return entry;
        }
    }

    private void WriteAll()
    {
        while (true)
        {
            AuditBatch batch;
            lock (_gate)
            {
                while (_next.Entries.Count == 0 && !_isEnding) Monitor.Wait(_gate);
                if (_next.Entries.Count == 0) break;
                (_writing, _next, _writingSince) = (_next, new AuditBatch(), _clock.GetTimestamp());
                batch = _writing;
            }

            _disk.Change(DiskPatience, Timeout.InfiniteTimeSpan);
            bool isWritten = TryWrite(batch.Entries);
            _disk.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            lock (_gate) _writing = null;
            batch.TryEnd(isWritten ? null : Unavailable());
        }

        if (Interlocked.Read(ref _lost) > 0) TryWrite([]); // the last chance to say so
    }

    private bool TryWrite(List<AuditEntry> entries)
    {
        try
        {
            long lost = Interlocked.Read(ref _lost);
            _file.Write(entries, lost);
            Interlocked.Add(ref _lost, -lost);
            if (Interlocked.Exchange(ref _isFailing, false)) _log.AuditWritableAgain(lost);
            return true;
        }
        catch (Exception e)
        {
            // Whatever it is, a bug included: a writer that ends would leave all who wait waiting.
            SetFailing(e is IOException or UnauthorizedAccessException ? e.Message : e.ToString());
            Lose(entries.Count);
            return false;
        }
    }

    private void GiveUpOnDisk()
    {
        AuditBatch? waiting;
        AuditBatch behind;
        lock (_gate)
        {
            waiting = _writing;
            if (waiting is null) return;
            // About the batch before, or a timer that fired a moment early: nobody else would watch this batch.
            TimeSpan left = DiskPatience - _clock.GetElapsedTime(_writingSince);
            if (left > TimeSpan.Zero)
            {
                _disk.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                return;
            }

            // Who waits for the next write waits for the same disk.
            (behind, _next) = (_next, new AuditBatch());
            Lose(behind.Entries.Count);
            // Under the lock, and only queued to the pool: who comes now must see that this batch has ended, or would join one that nobody watches.
            waiting.TryEnd(Unavailable());
            behind.TryEnd(Unavailable());
        }

        SetFailing($"the disk has not answered for {DiskPatience.TotalSeconds:0} s");
    }

    /// <summary>A line says how many, once lines can be written again.</summary>
    private void Lose(int events)
    {
        Interlocked.Add(ref _lost, events);
        _metrics?.AuditFailed(events);
    }

    /// <summary>Says it once, and not for every request.</summary>
    private void SetFailing(string why)
    {
        if (Interlocked.Exchange(ref _isFailing, true)) return;
        if (_settings.IsOptional) _log.AuditLeftOut(why);
        else _log.AuditUnwritable(why);
    }

    private Failure? Unavailable() => _settings.IsOptional ? null : new Failure(
        FailureKind.Unavailable, "AuditUnavailable", "the broker cannot write its audit, and without it no credentials leave", "The broker's log says why: mostly a disk that is full or read-only.", RetryAfter: RetryAfter);
}
