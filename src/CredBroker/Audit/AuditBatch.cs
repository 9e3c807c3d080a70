using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace CredBroker.Audit;

/// <summary>An event on its way to the disk, and whoever waits for it. Awaited once, or not at all.</summary>
internal sealed class AuditEntry(AuditEvent entry, DateTimeOffset time) : IValueTaskSource<Failure?>
{
    // Only what answers a request, and waits for nothing, goes on where its batch ends: others on that thread wait for it. What works on the store of sessions, whose disk may hang, has a thread to itself.
    private ManualResetValueTaskSourceCore<Failure?> _done = new() { RunContinuationsAsynchronously = entry.Kind != AuditKind.CredentialsIssued };

    public AuditEvent Event => entry;

    public DateTimeOffset Time => time;

    /// <summary>Null: it is on disk.</summary>
    public ValueTask<Failure?> Done => new(this, _done.Version);

    public void End(Failure? failure) => _done.SetResult(failure);

    Failure? IValueTaskSource<Failure?>.GetResult(short token) => _done.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<Failure?>.GetStatus(short token) => _done.GetStatus(token);

    void IValueTaskSource<Failure?>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _done.OnCompleted(continuation, state, token, flags);
}

/// <summary>What is written by one write, and ends together.</summary>
internal sealed class AuditBatch
{
    /// <summary>Fewer than this are not worth waking another thread.</summary>
    private const int LeastShare = 8;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _hasEnded;

    public List<AuditEntry> Entries { get; } = [];

    public bool HasEnded => Volatile.Read(ref _hasEnded) == 1;

    /// <summary>Ends when those who wait have been told.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Tells all who wait, on the pool: each thread answers a share of the requests, one after the other, so that a batch wakes few threads.</summary>
    /// <returns>False: they have been told before.</returns>
    public bool TryEnd(Failure? failure)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 1) return false;
        if (Entries.Count == 0) _ended.SetResult();
        int share = Math.Max(LeastShare, (Entries.Count + Environment.ProcessorCount - 1) / Environment.ProcessorCount);
        int unfinished = (Entries.Count + share - 1) / share;
        for (int from = 0; from < Entries.Count; from += share) ThreadPool.UnsafeQueueUserWorkItem(End, (from, Math.Min(from + share, Entries.Count)), preferLocal: false);
        return true;

        void End((int From, int To) range)
        {
            for (int i = range.From; i < range.To; i++) Entries[i].End(failure);
            if (Interlocked.Decrement(ref unfinished) == 0) _ended.SetResult();
        }
    }
}
