using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Credentials;
using CredBroker.Grants;
using CredBroker.Sessions;

namespace CredBroker.Tests;

/// <summary>What the cache does for sessions, from their first ask to their end.</summary>
public sealed class SessionCredentialsTests : IAsyncDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1), Minute = TimeSpan.FromMinutes(1);

    private readonly CacheUnderTest _test = new();
    private readonly List<Grant> _granted = [Some.Grant];
    private readonly SessionTable _sessions;
    private readonly SessionCredentials _credentials;

    public SessionCredentialsTests()
    {
        _sessions = new SessionTable(_test.Clock);
        _credentials = new SessionCredentials(_test.Cache, _sessions, name => _granted.FirstOrDefault(grant => grant.Name == name));
        _test.Sts.Answer = (number, _) => _test.Good(Hour, number);
    }

    public async ValueTask DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task A_session_that_asks_is_renewed_ahead_until_it_ends()
    {
        LiveSession session = Add();
        await AskAsync(session);
        await _test.Log.WaitForLinesAsync(1);
        _test.Clock.Advance(41 * Minute);
        await _test.Log.WaitForLinesAsync(2);
        await AskAsync(session);

        _sessions.Remove(session.Session.Id);
        _test.Clock.Advance(24 * Hour);

        Assert.Equal(2, _test.Sts.Calls);
        Assert.Equal(0, _test.Cache.Count);
    }

    [Fact]
    public async Task A_session_that_is_over_leaves_nothing_in_memory()
    {
        LiveSession session = Add(ttl: 10 * Minute);
        await AskAsync(session);
        await AskAsync(session, Some.Grant with { Name = "other", DurationSeconds = 900 });
        Assert.Equal(2, _test.Cache.Count);

        _test.Clock.Advance(10 * Minute);
        _sessions.RemoveEnded();

        Assert.Equal(0, _test.Cache.Count);
    }

    [Fact]
    public async Task A_request_that_was_let_in_before_the_end_leaves_nothing_in_memory()
    {
        LiveSession session = Add();
        _sessions.Remove(session.Session.Id);

        Assert.Equal(FailureKind.Unauthorized, (await AskAsync(session)).Failure?.Kind);

        Assert.Equal((0, 0), (_test.Sts.Calls, _test.Cache.Count));
    }

    [Fact]
    public async Task A_run_is_renewed_ahead_asked_for_or_not()
    {
        LiveSession session = Add();
        _credentials.Hold(session, Some.Grant);
        await AskAsync(session);
        await _test.Log.WaitForLinesAsync(1);

        for (int number = 2; number <= 4; number++)
        {
            _test.Clock.Advance(41 * Minute);
            await _test.Log.WaitForLinesAsync(number);
        }

        Assert.Equal(4, await _test.CallsInAllAsync());
    }

    [Theory]
    [InlineData("revoked", false)]
    [InlineData("granted anew as another role", true)]
    public async Task What_is_not_granted_any_more_is_not_renewed(string why, bool isGrantedAnew)
    {
        LiveSession session = Add();
        _credentials.Hold(session, Some.Grant);
        await AskAsync(session);
        await _test.Log.WaitForLinesAsync(1);

        _granted.Clear();
        if (isGrantedAnew) _granted.Add(Some.Grant with { RoleArn = Some.Role + "-other" });
        _test.Clock.Advance(59 * Minute);

        Assert.Equal((why, 1), (why, await _test.CallsInAllAsync()));
    }

    [Fact]
    public async Task A_run_whose_grant_is_granted_anew_is_renewed_asked_for_or_not()
    {
        LiveSession session = Add();
        _credentials.Hold(session, Some.Grant);
        await AskAsync(session);
        Grant other = Some.Grant with { RoleArn = Some.Role + "-other" };
        _granted[0] = other;
        await AskAsync(session, other);
        await _test.Log.WaitForLinesAsync(2);

        for (int number = 3; number <= 5; number++)
        {
            _test.Clock.Advance(41 * Minute);
            await _test.Log.WaitForLinesAsync(number);
        }

        Assert.Equal(5, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task Two_sessions_of_one_grant_are_two_roles_sessions_to_AWS()
    {
        foreach (LiveSession session in (LiveSession[])[Add(), Add()]) await AskAsync(session);

        Assert.Equal(2, _test.Sts.Calls);
        Assert.NotEqual((await _test.Sts.NextAsync()).Request.SessionName, (await _test.Sts.NextAsync()).Request.SessionName);
    }

    private Task<AssumeRoleResult> AskAsync(LiveSession session, Grant? grant = null) => _credentials.GetAsync(session, grant ?? Some.Grant, Patience.Test, CancellationToken.None).AsTask();

    private LiveSession Add(TimeSpan? ttl = null)
    {
        Session session = new(Session.NewId(), ["default"], _test.Clock.GetUtcNow(), _test.Clock.GetUtcNow() + (ttl ?? 48 * Hour));
        LiveSession live = new(session, new SessionToken());
        Assert.True(_sessions.TryAdd(live));
        return live;
    }
}
