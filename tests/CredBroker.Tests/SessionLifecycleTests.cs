using System;
using System.Linq;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Sessions;
using StsSimulator.Tests;

namespace CredBroker.Tests;

/// <summary>Sessions in the table, on disk and in the audit at once.</summary>
public sealed class SessionLifecycleTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1), Minute = TimeSpan.FromMinutes(1), Second = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeClock _clock = new();
    private readonly CollectedTrail _trail = new();
    private readonly CollectedLog _log = new();
    private readonly SessionToken _token = new();
    private SessionTable _table;
    private SessionStore _store;
    private SessionLifecycle _lifecycle;

    public SessionLifecycleTests() => (_table, _store, _lifecycle) = Start();

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_session_begins_everywhere_and_a_broker_that_is_killed_comes_back_with_it()
    {
        Session session = New(12 * Hour, 2 * Hour);

        Assert.Null(await _lifecycle.BeginAsync(new LiveSession(session, _token)));

        Assert.Same(session, _table.Find(_token.Text)?.Session);
        Assert.Equal([new AuditEvent(AuditKind.SessionCreated, session.Id, "default", Expiration: session.Ends)], _trail.Events);
        Restart();
        Assert.Equal(session.Id, _table.Find(_token.Text)?.Session.Id);
    }

    [Fact]
    public async Task A_session_without_its_audit_line_does_not_begin()
    {
        _trail.Failure = new Failure(FailureKind.Unavailable, "AuditFull", "no space");

        Assert.Equal("AuditFull", (await _lifecycle.BeginAsync(new LiveSession(New(Hour), _token)))?.Code);

        Assert.Null(_table.Find(_token.Text));
        Restart();
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public async Task There_is_one_more_than_may_be_and_it_leaves_nothing()
    {
        _store.Dispose();
        (_table, _store, _lifecycle) = Start(limit: 1);
        Assert.Null(await _lifecycle.BeginAsync(new LiveSession(New(Hour), _token)));

        Failure? failure = await _lifecycle.BeginAsync(new LiveSession(New(Hour), new SessionToken()));

        Assert.Equal((FailureKind.Unavailable, "TooManySessions", "this broker has 1 sessions, and takes no more"), (failure!.Kind, failure.Code, failure.Message));
        Assert.Single(_trail.Events);
        Restart();
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public async Task What_is_revoked_is_gone_now_and_after_a_restart()
    {
        Session session = New(Hour);
        await _lifecycle.BeginAsync(new LiveSession(session, _token));

        Assert.Null(await _lifecycle.RevokeAsync(session.Id));

        Assert.Null(_table.Find(_token.Text));
        Assert.Equal(new AuditEvent(AuditKind.SessionRevoked, session.Id, "default"), _trail.Events[^1]);
        Assert.Equal((FailureKind.NotFound, "SessionNotFound"), ((await _lifecycle.RevokeAsync(session.Id))!.Kind, "SessionNotFound"));
        Restart();
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public async Task A_revocation_that_the_audit_does_not_take_counts_all_the_same()
    {
        Session session = New(Hour);
        await _lifecycle.BeginAsync(new LiveSession(session, _token));
        _trail.Failure = new Failure(FailureKind.Unavailable, "AuditFull", "no space");

        Assert.Null(await _lifecycle.RevokeAsync(session.Id));

        Assert.Null(_table.Find(_token.Text));
        Assert.Equal($"Warning: the audit has no line for the end of the session {session.Id}: no space", _log.Text);
    }

    [Fact]
    public async Task A_sweep_ends_what_is_over_with_a_line_each_and_takes_it_off_the_disk()
    {
        Session expired = New(Minute), idle = New(Hour, Minute), alive = New(Hour);
        foreach (Session session in (Session[])[expired, idle, alive]) await _lifecycle.BeginAsync(new LiveSession(session, new SessionToken()));
        await using SessionSweep sweep = new(_lifecycle, _clock);

        _clock.Advance(Minute);

        Assert.Equal(
            [new AuditEvent(AuditKind.SessionEnded, expired.Id, "default", Code: "Expired"), new AuditEvent(AuditKind.SessionEnded, idle.Id, "default", Code: "Idle")],
            _trail.Events.Skip(3).OrderBy(entry => entry.Code, StringComparer.Ordinal));
        Assert.Equal(1, _table.Count);
        Assert.True(_store.TryRead(out var kept, out _));
        Assert.Equal([alive.Id], kept.Select(live => live.Session.Id));
    }

    [Fact]
    public async Task Sweeps_go_on()
    {
        await using SessionSweep sweep = new(_lifecycle, _clock);
        for (int minute = 1; minute <= 3; minute++)
        {
            await _lifecycle.BeginAsync(new LiveSession(New(Minute), new SessionToken()));
            for (int part = 0; part < 4; part++) _clock.Advance(15 * Second);
            Assert.Equal((minute, 0), (_trail.Events.Count(entry => entry.Code == "Expired"), _table.Count));
        }
    }

    [Fact]
    public async Task The_end_of_the_sweeps_writes_the_last_uses()
    {
        await _lifecycle.BeginAsync(new LiveSession(New(Hour), _token));
        SessionSweep sweep = new(_lifecycle, _clock);
        _clock.Advance(Second);
        _table.Find(_token.Text);

        await sweep.DisposeAsync();
        _clock.Advance(Hour);

        Assert.True(_store.TryRead(out var kept, out _));
        Assert.Equal(kept[0].Session.Created + Second, kept[0].LastUsed);
        Assert.Equal(1, _table.Count);
    }

    /// <summary>The broker was seen alive at 0:30, the session was used at 0:40, and that was not yet written when the broker was killed.</summary>
    [Theory]
    [InlineData("as long as it would have lived", 99, true)]
    [InlineData("not for ever", 121, false)]
    public async Task An_idle_session_of_a_broker_that_was_killed_lives(string why, int seconds, bool isAlive)
    {
        await _lifecycle.BeginAsync(new LiveSession(New(Hour, Minute), _token));
        _clock.Advance(30 * Second);
        _lifecycle.NoteAlive();
        _clock.Advance(10 * Second);
        Assert.NotNull(_table.Find(_token.Text));
        _clock.Advance(21 * Second);

        Restart();
        _clock.Advance((seconds - 61) * Second);

        Assert.Equal((why, isAlive), (why, _table.Find(_token.Text) is not null));
    }

    [Fact]
    public async Task A_broker_that_ended_well_has_left_no_doubt_of_when_sessions_were_used()
    {
        await _lifecycle.BeginAsync(new LiveSession(New(Hour, Minute), _token));
        DateTimeOffset used = Now;
        for (int restart = 1; restart <= 3; restart++)
        {
            _clock.Advance(15 * Second);
            await new SessionSweep(_lifecycle, _clock).DisposeAsync();
            Restart();
            Assert.Equal(used, Assert.Single(_table.Live).LastUsed);
        }

        _clock.Advance(15 * Second);
        Assert.Null(_table.Find(_token.Text));
    }

    [Fact]
    public async Task A_store_with_more_than_may_be_is_served_and_takes_no_more()
    {
        for (int i = 0; i < 3; i++) await _lifecycle.BeginAsync(new LiveSession(New(Hour), i == 0 ? _token : new SessionToken()));
        _store.Dispose();
        (_table, _store, _lifecycle) = Start(limit: 2);

        Resume();

        Assert.Equal(3, _table.Count);
        Assert.NotNull(_table.Find(_token.Text));
        Assert.Equal("TooManySessions", (await _lifecycle.BeginAsync(new LiveSession(New(Hour), new SessionToken())))?.Code);
    }

    [Fact]
    public async Task What_ended_while_no_broker_was_there_ends_at_its_start()
    {
        Session session = New(Hour);
        await _lifecycle.BeginAsync(new LiveSession(session, _token));
        _clock.Advance(Hour);

        Restart();
        Assert.Null(_table.Find(_token.Text));
        await using SessionSweep sweep = new(_lifecycle, _clock);
        _clock.Advance(TimeSpan.Zero);

        Assert.Equal(0, _table.Count);
        Assert.Equal(new AuditEvent(AuditKind.SessionEnded, session.Id, "default", Code: "Expired"), _trail.Events[^1]);
    }

    [Fact]
    public async Task Many_that_end_do_not_wait_for_the_disk_one_after_the_other()
    {
        for (int i = 0; i < 20; i++) await _lifecycle.BeginAsync(new LiveSession(New(Hour), new SessionToken()));
        _clock.Advance(Hour);
        _trail.IsStalled = true;

        _ = _lifecycle.EndOverdueAsync();

        Assert.Equal(20, _trail.Events.Count(entry => entry.Kind == AuditKind.SessionEnded));
    }

    /// <summary>The audit takes no line until the broker is killed.</summary>
    [Fact]
    public async Task An_end_that_a_kill_keeps_from_the_audit_is_written_by_the_next_broker()
    {
        Session session = New(Hour);
        await _lifecycle.BeginAsync(new LiveSession(session, _token));
        _clock.Advance(Hour);
        _trail.IsStalled = true;
        _ = _lifecycle.EndOverdueAsync();
        _trail.IsStalled = false;

        Restart();
        await _lifecycle.EndOverdueAsync();

        Assert.Equal(2, _trail.Events.Count(entry => entry.Kind == AuditKind.SessionEnded));
        Restart();
        Assert.Equal(0, _table.Count);
    }

    /// <summary>By then it would be as if it had been used: of a killed broker nobody knows when the last use was.</summary>
    [Fact]
    public async Task A_session_that_has_ended_for_nobody_used_it_stays_ended_when_the_broker_is_killed()
    {
        Session session = New(12 * Hour, Hour);
        await _lifecycle.BeginAsync(new LiveSession(session, _token));
        _clock.Advance(Hour);
        _lifecycle.NoteAlive();
        _trail.IsStalled = true;
        _ = _lifecycle.EndOverdueAsync();
        Assert.Equal("Idle", _trail.Events[^1].Code);
        Assert.Equal("SessionNotFound", (await _lifecycle.RevokeAsync(session.Id))?.Code);
        _trail.IsStalled = false;

        Restart();

        Assert.Null(_table.Find(_token.Text));
        await _lifecycle.EndOverdueAsync();
        Assert.Equal(2, _trail.Events.Count(entry => entry.Kind == AuditKind.SessionEnded));
        Restart();
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public async Task A_revocation_that_a_kill_keeps_from_the_audit_is_an_end_in_it()
    {
        Session session = New(Hour);
        await _lifecycle.BeginAsync(new LiveSession(session, _token));
        _trail.IsStalled = true;
        _ = _lifecycle.RevokeAsync(session.Id);
        _trail.IsStalled = false;

        Restart();

        Assert.Null(_table.Find(_token.Text));
        await _lifecycle.EndOverdueAsync();
        Assert.Equal((AuditKind.SessionEnded, session.Id), (_trail.Events[^1].Kind, _trail.Events[^1].Session));
    }

    [Fact]
    public async Task Without_a_store_sessions_are_this_processs_alone()
    {
        SessionLifecycle alone = new(_table, null, _trail, _log.Broker, _clock);
        Session session = New(Hour);

        Assert.Null(await alone.BeginAsync(new LiveSession(session, _token)));
        Assert.NotNull(_table.Find(_token.Text));
        await alone.EndAsync(session, SessionEnd.RunEnded);
        await alone.EndAsync(session, SessionEnd.RunEnded);

        Assert.Null(_table.Find(_token.Text));
        Assert.Equal([AuditKind.SessionCreated, AuditKind.SessionEnded], _trail.Events.Select(entry => entry.Kind));
        Assert.Equal("RunEnded", _trail.Events[1].Code);
    }

    private Session New(TimeSpan ttl, TimeSpan? idle = null) => new(Session.NewId(), ["default"], Now, Now + ttl, idle);

    private DateTimeOffset Now => _clock.GetUtcNow();

    private (SessionTable Table, SessionStore Store, SessionLifecycle Lifecycle) Start(int limit = SessionTable.DefaultLimit)
    {
        SessionTable table = new(_clock, limit);
        Assert.True(SessionStore.TryOpen(_folder["state/sessions.db"], out SessionStore? store, out Failure? failure), failure?.Message);
        return (table, store, new SessionLifecycle(table, store, _trail, _log.Broker, _clock));
    }

    private void Restart()
    {
        _store.Dispose();
        (_table, _store, _lifecycle) = Start();
        Resume();
    }

    private void Resume()
    {
        Assert.True(_store.TryRead(out var kept, out _));
        _lifecycle.Resume(kept, SessionSweep.Slack);
    }
}
