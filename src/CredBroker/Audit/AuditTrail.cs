using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Metrics;

namespace CredBroker.Audit;

/// <param name="Path">The file; absolute.</param>
/// <param name="IsOptional">Credentials leave also when their line cannot be written.</param>
/// <param name="RotateAt">The size, in bytes, from which a file gets its older name and a new one is begun. Nothing is ever deleted.</param>
internal sealed record AuditSettings(string Path, bool IsOptional = false, long RotateAt = 64 * 1024 * 1024);

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
    private readonly AuditFile _file;
    private readonly RefusalFold _refusals;
    private readonly ITimer _disk;
    private readonly ArrayBufferWriter<byte> _buffer = new(16 * 1024);
    private readonly Utf8JsonWriter _json;
    private readonly Lock _fileLock = new();

    private readonly object _gate = new(); // a monitor: the writer waits on it
    private Batch _next = new();
    private Batch? _writing;
    private Thread? _writer;
    private long _lost;
    private bool _isFailing;
    private bool _isEnding;

    public AuditTrail(AuditSettings settings, TimeProvider clock, BrokerLog log, BrokerMetrics? metrics = null)
    {
        (_settings, _clock, _log, _metrics) = (settings, clock, log, metrics);
        _file = new AuditFile(settings.Path, settings.RotateAt, log);
        _refusals = new RefusalFold(clock, refusal => Enqueue(refusal));
        _disk = clock.CreateTimer(_ => GiveUpOnDisk(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
    }

    public bool IsWritable => _settings.IsOptional || !Volatile.Read(ref _isFailing);

    /// <summary>Tries the file before there is anything to write.</summary>
    /// <returns>Null: it can be written, or need not be.</returns>
    public Failure? Open()
    {
        try
        {
            lock (_fileLock)
            {
                _file.Enter();
                _file.Leave();
            }

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
        if (entry.Kind != AuditKind.RequestRefused) return new ValueTask<Failure?>(Enqueue(entry));
        _refusals.Add(entry);
        return default;
    }

    /// <summary>Ends when all that was recorded before is on disk, counts of refusals included.</summary>
    public async Task FlushAsync()
    {
        _refusals.Flush();
        Task last;
        lock (_gate) last = _next.Entries.Count > 0 ? _next.Done.Task : _writing?.Done.Task ?? Task.CompletedTask;
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
        _json.Dispose();
        _file.Dispose();
    }

    private Task<Failure?> Enqueue(AuditEvent entry)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        lock (_gate)
        {
            // While the disk hangs nobody waits for it: the answer is the same at once.
            bool hangs = _writing is { Done.Task.IsCompleted: true };
            if (_isEnding || hangs || _next.Entries.Count >= MostWaiting)
            {
                Interlocked.Increment(ref _lost);
                _metrics?.AuditFailed(1);
                return Task.FromResult(Unavailable());
            }

            _next.Entries.Add((entry, now));
            if (_next.Entries.Count == 1) Monitor.Pulse(_gate);
            if (_writer is null)
            {
                _writer = new Thread(WriteAll) { IsBackground = true, Name = "audit" };
                _writer.Start();
            }

            return _next.Done.Task;
        }
    }

    private void WriteAll()
    {
        Batch spare = new();
        while (true)
        {
            lock (_gate)
            {
                while (_next.Entries.Count == 0 && !_isEnding) Monitor.Wait(_gate);
                if (_next.Entries.Count == 0) break;
                (_writing, _next) = (_next, spare);
            }

            _disk.Change(DiskPatience, Timeout.InfiniteTimeSpan);
            bool isWritten = TryWrite(_writing.Entries);
            _disk.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            lock (_gate)
            {
                spare = _writing;
                _writing = null;
            }

            spare.Done.TrySetResult(isWritten ? null : Unavailable());
            spare = spare.Emptied();
        }

        if (Interlocked.Read(ref _lost) > 0) TryWrite([]); // the last chance to say so
    }

    private bool TryWrite(List<(AuditEvent Entry, DateTimeOffset Time)> entries)
    {
        try
        {
            lock (_fileLock)
            {
                _file.Enter();
                try
                {
                    long lost = Interlocked.Read(ref _lost);
                    Append(entries, lost);
                    Interlocked.Add(ref _lost, -lost);
                    if (Interlocked.Exchange(ref _isFailing, false)) _log.AuditWritableAgain(lost);
                    return true;
                }
                finally
                {
                    _file.Leave();
                }
            }
        }
        catch (Exception e)
        {
            // Whatever it is, a bug included: a writer that ends would leave all who wait waiting.
            SetFailing(e is IOException or UnauthorizedAccessException ? e.Message : e.ToString());
            Interlocked.Add(ref _lost, entries.Count);
            _metrics?.AuditFailed(entries.Count);
            return false;
        }
    }

    private void Append(List<(AuditEvent Entry, DateTimeOffset Time)> entries, long lost)
    {
        _buffer.ResetWrittenCount();
        AuditTail tail = _file.Tail;
        DateTimeOffset now = _clock.GetUtcNow();
        (long Bytes, string Hash)? cut = _file.Cut;
        if (cut is { } bytes)
        {
            _buffer.Write("\n"u8);
            tail = AuditLine.Write(_buffer, _json, new AuditEvent(AuditKind.TailRecovered, Count: bytes.Bytes, CutHash: bytes.Hash), now, tail);
        }

        if (lost > 0) tail = AuditLine.Write(_buffer, _json, new AuditEvent(AuditKind.EventsLost, Count: lost), now, tail);
        foreach ((AuditEvent entry, DateTimeOffset time) in entries) tail = AuditLine.Write(_buffer, _json, entry, time, tail);
        _file.Append(_buffer.WrittenSpan, tail);
        if (cut is { } kept) _log.AuditTailRecovered(_settings.Path, kept.Bytes);
    }

    private void GiveUpOnDisk()
    {
        TaskCompletionSource<Failure?>? waiting;
        lock (_gate) waiting = _writing?.Done;
        if (waiting is null) return;
        SetFailing($"the disk has not answered for {DiskPatience.TotalSeconds:0} s");
        waiting.TrySetResult(Unavailable());
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

    /// <summary>What is written by one write and waits for it together.</summary>
    private sealed class Batch
    {
        public List<(AuditEvent Entry, DateTimeOffset Time)> Entries { get; private init; } = [];

        public TaskCompletionSource<Failure?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Batch Emptied()
        {
            Entries.Clear();
            return new Batch { Entries = Entries };
        }
    }
}
