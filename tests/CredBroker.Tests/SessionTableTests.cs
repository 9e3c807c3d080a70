using System;
using System.Collections.Generic;
using System.Linq;
using CredBroker.Sessions;
using StsSimulator.Tests;

namespace CredBroker.Tests;

public class SessionTableTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1), Minute = TimeSpan.FromMinutes(1), Tick = TimeSpan.FromTicks(1);

    private readonly FakeClock _clock = new();
    private readonly SessionToken _token = new();
    private readonly SessionTable _table;
    private readonly List<string> _ended = [];

    public SessionTableTests()
    {
        _table = new SessionTable(_clock, limit: 3, rate: 100);
        _table.Ended += live => _ended.Add(live.Session.Id);
    }

    [Fact]
    public void A_session_ends_at_its_time_to_the_moment()
    {
        LiveSession session = Add(Hour);

        _clock.Advance(Hour - Tick);
        Assert.Same(session, _table.Find(_token.Text));
        _clock.Advance(Tick);

        Assert.Null(_table.Find(_token.Text));
        Assert.False(_table.IsAlive(session));
        Assert.Empty(_table.Live);
    }

    [Fact]
    public void A_session_that_nobody_uses_ends_and_every_use_puts_that_off()
    {
        Add(24 * Hour, idle: Hour);

        for (int use = 0; use < 5; use++)
        {
            _clock.Advance(Hour - Tick);
            Assert.NotNull(_table.Find(_token.Text));
        }

        _clock.Advance(Hour);
        Assert.Null(_table.Find(_token.Text));
    }

    [Fact]
    public void A_session_without_an_idle_limit_may_rest()
    {
        Add(24 * Hour);

        _clock.Advance(24 * Hour - Tick);

        Assert.NotNull(_table.Find(_token.Text));
    }

    [Fact]
    public void A_clock_that_is_set_back_ends_nothing()
    {
        Add(Hour, idle: Minute);

        _clock.Advance(-24 * Hour);

        Assert.NotNull(_table.Find(_token.Text));
    }

    [Fact]
    public void A_session_that_is_removed_is_gone_at_the_next_request_and_only_it()
    {
        LiveSession session = Add(Hour);
        SessionToken other = new();
        Assert.True(_table.TryAdd(new LiveSession(New(Hour), other)));

        Assert.Same(session.Session, _table.Remove(session.Session.Id));

        Assert.Null(_table.Find(_token.Text));
        Assert.NotNull(_table.Find(other.Text));
        Assert.False(_table.IsAlive(session));
        Assert.Null(_table.Remove(session.Session.Id));
        Assert.Equal([session.Session.Id], _ended);
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void Those_whose_time_is_over_are_removed_each_with_its_reason()
    {
        Session expired = Add(Hour, idle: Hour).Session, idle = New(24 * Hour, Minute), alive = New(24 * Hour);
        Assert.True(_table.TryAdd(new LiveSession(idle, new SessionToken())));
        Assert.True(_table.TryAdd(new LiveSession(alive, new SessionToken())));
        _clock.Advance(Hour);

        IReadOnlyList<(Session Session, string Why)> ended = _table.RemoveEnded();

        Assert.Equal(new SortedDictionary<string, string> { [expired.Id] = "Expired", [idle.Id] = "Idle" }, new SortedDictionary<string, string>(ended.ToDictionary(end => end.Session.Id, end => end.Why)));
        Assert.Equal([alive.Id], _table.Live.Select(live => live.Session.Id));
        Assert.Empty(_table.RemoveEnded());
    }

    [Fact]
    public void There_are_no_more_than_may_be_and_one_that_ends_makes_room()
    {
        LiveSession first = Add(Hour);
        Assert.True(_table.TryAdd(new LiveSession(New(Hour), new SessionToken())));
        Assert.True(_table.TryAdd(new LiveSession(New(Hour), new SessionToken())));

        Assert.False(_table.TryAdd(new LiveSession(New(Hour), new SessionToken())));
        _table.Remove(first.Session.Id);

        Assert.True(_table.TryAdd(new LiveSession(New(Hour), new SessionToken())));
        Assert.Equal(3, _table.Count);
    }

    [Fact]
    public void An_id_or_a_token_is_there_once()
    {
        LiveSession session = Add(Hour);

        Assert.False(_table.TryAdd(new LiveSession(session.Session, new SessionToken())));
        Assert.False(_table.TryAdd(new LiveSession(New(Hour), _token)));
        Assert.Same(session, _table.Find(_token.Text));
    }

    [Fact]
    public void Sessions_that_are_restored_join_those_that_are_there_however_many_there_may_be()
    {
        LiveSession present = Add(Hour);
        SessionToken[] tokens = [.. Enumerable.Range(0, 100).Select(_ => new SessionToken())];

        _table.Restore([present, .. tokens.Select(token => new LiveSession(New(Hour), token))]);

        Assert.Equal(101, _table.Count);
        Assert.Same(present, _table.Find(_token.Text));
        Assert.All(tokens, token => Assert.NotNull(_table.Find(token.Text)));
        Assert.False(_table.TryAdd(new LiveSession(New(Hour), new SessionToken())));
    }

    [Fact]
    public void A_hash_that_begins_alike_opens_nothing()
    {
        byte[] hash = _token.Hash;
        hash[^1] ^= 1;
        Assert.True(_table.TryAdd(new LiveSession(New(Hour), hash, _clock.GetUtcNow())));

        Assert.Null(_table.Find(_token.Text));
    }

    [Fact]
    public void What_was_used_is_to_be_written_until_it_is()
    {
        Add(Hour);
        Assert.Empty(_table.UsedSinceWritten());
        _clock.Advance(Minute);
        _table.Find(_token.Text);

        LiveSession used = Assert.Single(_table.UsedSinceWritten());
        used.LastWritten = used.LastUsed;

        Assert.Empty(_table.UsedSinceWritten());
    }

    [Fact]
    public void A_session_may_ask_at_its_rate_and_twice_as_often_at_once_and_is_told_when()
    {
        LiveSession session = Add(Hour);

        Assert.Equal((200, TimeSpan.FromMilliseconds(10)), Ask(session));
        _clock.Advance(TimeSpan.FromMilliseconds(10) - Tick);
        Assert.Equal((0, Tick), Ask(session));
        _clock.Advance(Tick);
        Assert.Equal((1, TimeSpan.FromMilliseconds(10)), Ask(session));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(100, Ask(session).Asked);
        _clock.Advance(Hour);
        Assert.Equal(200, Ask(session).Asked);
    }

    [Fact]
    public void One_session_that_asks_too_often_takes_nothing_from_another()
    {
        LiveSession greedy = Add(Hour), modest = new(New(Hour), new SessionToken());
        Assert.True(_table.TryAdd(modest));
        Ask(greedy);

        Assert.True(_table.MayAsk(modest, out _));
    }

    [Fact]
    public void A_clock_that_is_set_back_locks_nobody_out()
    {
        LiveSession session = Add(Hour);
        Ask(session);

        _clock.Advance(-24 * Hour);

        Assert.True(_table.MayAsk(session, out _));
    }

    private (int Asked, TimeSpan RetryAfter) Ask(LiveSession session)
    {
        int asked = 0;
        TimeSpan retryAfter;
        while (_table.MayAsk(session, out retryAfter)) asked++;
        return (asked, retryAfter);
    }

    private LiveSession Add(TimeSpan ttl, TimeSpan? idle = null)
    {
        LiveSession live = new(New(ttl, idle), _token);
        Assert.True(_table.TryAdd(live));
        return live;
    }

    private Session New(TimeSpan ttl, TimeSpan? idle = null) => new(Session.NewId(), ["default"], _clock.GetUtcNow(), _clock.GetUtcNow() + ttl, idle);
}
