using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Audit;

namespace CredBroker.Sessions;

/// <summary>How sessions begin and end: in the table, which requests see, on disk, and in the audit.</summary>
/// <param name="store">Null: the sessions are this process's alone.</param>
internal sealed class SessionLifecycle(SessionTable table, SessionStore? store, IAuditTrail audit, BrokerLog log, TimeProvider clock)
{
    /// <summary>Ends that wait for the audit at once: one write takes them all, and there is room for what requests record meanwhile.</summary>
    private const int MostEndsAtOnce = 1000;

    private readonly Lock _removing = new();

    /// <summary>Sessions that are on their way into the table.</summary>
    private int _beginning;

    /// <summary>Sessions that have ended, and that the store has not let go of yet.</summary>
    private readonly HashSet<string> _undeleted = new(StringComparer.Ordinal);

    /// <summary>Takes over the sessions that an earlier broker has left. Of those that have ended meanwhile the tokens open nothing; they are for <see cref="EndOverdueAsync"/>.</summary>
    /// <param name="kept">What the store has of them.</param>
    /// <param name="slack"><see cref="SessionSweep.Slack"/>: of a broker that was killed, uses in that time are not in the store, and so every session may have been used.</param>
    public void Resume(IReadOnlyCollection<LiveSession> kept, TimeSpan slack)
    {
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset unknown = store?.LastAlive is not { } alive ? DateTimeOffset.MinValue : alive + slack < now ? alive + slack : now;
        foreach (LiveSession live in kept)
        {
            if (live.LastUsed < unknown) live.Use(unknown);
        }

        // More than there may be, too: they were acknowledged, or end by themselves.
        table.Restore(kept);
    }

    /// <summary>When this returns without a failure, the session is on disk and in the audit, and its token opens.</summary>
    public async Task<Failure?> BeginAsync(LiveSession live)
    {
        Session session = live.Session;
        try
        {
            // Before it is on disk: what is there after a kill must fit.
            if (Interlocked.Increment(ref _beginning) + table.Count > table.Limit) return TooMany();
            if (store?.Insert(live) is { } failure) return Logged(failure);
            Failure? unfinished = await RecordAsync(AuditKind.SessionCreated, session, null);
            if (unfinished is null && !table.TryAdd(live)) unfinished = TooMany();
            if (unfinished is not null) Forget([session.Id]);
            return unfinished;
        }
        finally
        {
            Interlocked.Decrement(ref _beginning);
        }
    }

    /// <summary>Ends a session on somebody's word. Its token opens nothing from now on, whatever fails after that.</summary>
    /// <returns>Null: it has ended, for good.</returns>
    public async Task<Failure?> RevokeAsync(string id)
    {
        Session? session = table.Remove(id);
        if (session is null && !IsUndeleted(id)) return new Failure(FailureKind.NotFound, "SessionNotFound", $"there is no session '{id}'", "See cred-broker session list.");
        Failure? unclosed = Close([id]);
        if (session is not null && await RecordAsync(AuditKind.SessionRevoked, session, null) is { } unrecorded) log.EndUnrecorded(id, unrecorded.Message);
        if (Forget([id]) is null || unclosed is null) return null;
        return unclosed with { Message = $"the session '{id}' has ended in this broker, but {unclosed.Message}: after a restart it would be there again", Hint = $"Revoke it once more. {unclosed.Hint}" };
    }

    /// <summary>Ends a session whose reason is gone.</summary>
    /// <param name="why">One of <see cref="SessionEnd"/>.</param>
    public async Task EndAsync(Session session, string why)
    {
        if (table.Remove(session.Id) is not null) await EndAsync([(session, why)]);
    }

    /// <summary>Ends the sessions whose time is over.</summary>
    public async Task EndOverdueAsync()
    {
        await EndAsync(table.RemoveEnded());
        Forget([]);
    }

    /// <summary>This broker lives, and will have written all uses up to now, or be killed.</summary>
    public void NoteAlive() => store?.NoteAlive(clock.GetUtcNow());

    /// <summary>Writes down when sessions were last used.</summary>
    /// <returns>Whether the store has it.</returns>
    public bool WriteUses()
    {
        (LiveSession Live, DateTimeOffset LastUsed)[] uses = [.. table.UsedSinceWritten().Select(live => (live, live.LastUsed))];
        if (store is null || uses.Length == 0) return true;
        if (store.WriteUses([.. uses.Select(use => (use.Live.Session.Id, use.LastUsed))]) is { } failure)
        {
            Logged(failure);
            return false;
        }

        foreach ((LiveSession live, DateTimeOffset lastUsed) in uses) live.LastWritten = lastUsed;
        return true;
    }

    /// <summary>Nobody uses a session any more: writes down the last uses, so that the next broker knows all.</summary>
    public void WriteEnd()
    {
        Forget([]);
        if (WriteUses()) store?.NoteEnd();
    }

    /// <summary>
    /// In the store their time is over first, then come the lines, and then they leave it: a broker that is killed between any two leaves a session that stays
    /// ended, and the next one writes its line, once more or for the first time.
    /// </summary>
    private async Task EndAsync(IReadOnlyList<(Session Session, string Why)> ends)
    {
        Close([.. ends.Where(end => end.Why != SessionEnd.Expired).Select(end => end.Session.Id)]);
        foreach ((Session Session, string Why)[] portion in ends.Chunk(MostEndsAtOnce))
        {
            await Task.WhenAll(portion.Select(end => RecordEndAsync(end.Session, end.Why)));
            Forget([.. portion.Select(end => end.Session.Id)]);
        }
    }

    /// <summary>From now on their tokens open nothing in the next broker either.</summary>
    /// <returns>Not in the log: what could not be closed is taken off the disk, or that is in the log.</returns>
    private Failure? Close(IReadOnlyList<string> ids)
    {
        if (store?.End(ids) is not { } failure) return null;
        lock (_removing) _undeleted.UnionWith(ids);
        return failure;
    }

    /// <summary>Takes sessions off the disk, with those that could not be taken before.</summary>
    private Failure? Forget(IReadOnlyList<string> ids)
    {
        if (store is null) return null;
        lock (_removing)
        {
            _undeleted.UnionWith(ids);
            if (store.Delete(_undeleted) is { } failure) return Logged(failure);
            _undeleted.Clear();
            return null;
        }
    }

    private bool IsUndeleted(string id)
    {
        lock (_removing) return _undeleted.Contains(id);
    }

    private async Task RecordEndAsync(Session session, string why)
    {
        if (await RecordAsync(AuditKind.SessionEnded, session, why) is { } unrecorded) log.EndUnrecorded(session.Id, unrecorded.Message);
    }

    private ValueTask<Failure?> RecordAsync(AuditKind kind, Session session, string? why) =>
        audit.RecordAsync(new AuditEvent(kind, session.Id, string.Join(' ', session.Grants), Expiration: kind == AuditKind.SessionCreated && session.Ends < DateTimeOffset.MaxValue ? session.Ends : null, Code: why));

    private Failure Logged(Failure failure)
    {
        log.StoreFailed(failure.Detail ?? failure.Message);
        return failure;
    }

    private Failure TooMany() =>
        new(FailureKind.Unavailable, "TooManySessions", $"this broker has {table.Limit} sessions, and takes no more", "End some: cred-broker session list, cred-broker session revoke ID; or give them shorter times.", RetryAfter: TimeSpan.FromMinutes(1));
}
