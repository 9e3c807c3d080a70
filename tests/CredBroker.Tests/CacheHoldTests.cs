using System;
using System.Threading.Tasks;
using CredBroker.Credentials;

namespace CredBroker.Tests;

/// <summary>Credentials that are kept renewed, asked for or not.</summary>
public sealed class CacheHoldTests : IAsyncDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1), Minute = TimeSpan.FromMinutes(1), Second = TimeSpan.FromSeconds(1);

    private readonly CacheUnderTest _test = new();

    public async ValueTask DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Held_credentials_are_renewed_without_being_asked_for()
    {
        using RoleHold holding = _test.Cache.Hold(Some.Request);
        await _test.AskAndEndAsync(_test.Good(Hour, 1));
        await _test.Log.WaitForLinesAsync(1);

        for (int number = 2; number <= 4; number++)
        {
            _test.Clock.Advance(40 * Minute - Second);
            Assert.Equal(number - 1, _test.Sts.Calls);
            _test.Clock.Advance(2 * Second);
            (await _test.Sts.NextAsync()).End(_test.Good(Hour, number));
            await _test.Log.WaitForLinesAsync(number);
        }

        Assert.Equal("ASIAEXAMPLE0004", (await _test.AskAsync()).Credentials?.AccessKeyId);
        Assert.Equal(4, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task Without_a_hold_nobody_renews()
    {
        await _test.AskAndEndAsync(_test.Good(Hour));
        await _test.Log.WaitForLinesAsync(1);

        _test.Clock.Advance(24 * Hour);

        Assert.Equal(1, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task A_hold_that_is_taken_later_renews_too()
    {
        await _test.AskAndEndAsync(_test.Good(Hour, 1));
        using RoleHold holding = _test.Cache.Hold(Some.Request);

        _test.Clock.Advance(41 * Minute);

        ScriptedSts.Flight renewal = await _test.Sts.NextAsync();
        renewal.End(_test.Good(Hour, 2));
        Assert.Equal(2, renewal.Number);
    }

    [Fact]
    public async Task A_hold_alone_starts_no_call()
    {
        using RoleHold holding = _test.Cache.Hold(Some.Request);

        _test.Clock.Advance(24 * Hour);

        Assert.Equal(0, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task A_renewal_that_fails_is_tried_again_with_growing_pauses()
    {
        using RoleHold holding = _test.Cache.Hold(Some.Request);
        await _test.AskAndEndAsync(_test.Good(Hour, 1));
        await _test.Log.WaitForLinesAsync(1);
        _test.Clock.Advance(41 * Minute);
        int lines = 1;
        foreach (int pause in (int[])[1, 2, 4])
        {
            (await _test.Sts.NextAsync()).End(CacheUnderTest.Bad());
            await _test.Log.WaitForLinesAsync(++lines);
            int calls = _test.Sts.Calls;
            _test.Clock.Advance(pause * Second - TimeSpan.FromMilliseconds(1));
            Assert.Equal(calls, _test.Sts.Calls);
            _test.Clock.Advance(pause * Second / 2 + TimeSpan.FromMilliseconds(1));
        }

        (await _test.Sts.NextAsync()).End(_test.Good(Hour, 2));
        await _test.Log.WaitForLinesAsync(++lines);
        Assert.Equal("ASIAEXAMPLE0002", (await _test.AskAsync()).Credentials?.AccessKeyId);
        Assert.Equal(5, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task Who_lets_go_ends_the_renewals()
    {
        RoleHold holding = _test.Cache.Hold(Some.Request);
        await _test.AskAndEndAsync(_test.Good(Hour));
        await _test.Log.WaitForLinesAsync(1);

        holding.Dispose();
        _test.Clock.Advance(24 * Hour);

        Assert.Equal(1, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task Of_two_holders_the_last_one_ends_the_renewals()
    {
        RoleHold first = _test.Cache.Hold(Some.Request), second = _test.Cache.Hold(Some.Request);
        await _test.AskAndEndAsync(_test.Good(Hour, 1));
        await _test.Log.WaitForLinesAsync(1);

        first.Dispose();
        first.Dispose(); // counts once
        _test.Clock.Advance(41 * Minute);
        (await _test.Sts.NextAsync()).End(_test.Good(Hour, 2));
        await _test.Log.WaitForLinesAsync(2);
        second.Dispose();
        _test.Clock.Advance(24 * Hour);

        Assert.Equal(2, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task The_end_of_the_cache_ends_the_renewals()
    {
        using RoleHold holding = _test.Cache.Hold(Some.Request);
        await _test.AskAndEndAsync(_test.Good(Hour));
        await _test.Log.WaitForLinesAsync(1);

        await _test.DisposeAsync();
        _test.Clock.Advance(24 * Hour);

        Assert.Equal(1, _test.Sts.Calls);
    }

    [Fact]
    public async Task Credentials_that_come_with_little_time_left_are_not_renewed_in_a_loop()
    {
        _test.Sts.Answer = (number, _) => _test.Good(10 * Minute, number);
        using RoleHold holding = _test.Cache.Hold(Some.Request);
        await _test.AskAsync();
        await _test.Log.WaitForLinesAsync(1);

        for (int number = 2; number <= 4; number++)
        {
            _test.Clock.Advance(29 * Second);
            Assert.Equal(number - 1, _test.Sts.Calls);
            _test.Clock.Advance(Second);
            await _test.Log.WaitForLinesAsync(number);
        }

        _test.Clock.Advance(29 * Second);
        Assert.Equal(4, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task Session_that_ends_during_a_flight_takes_it_from_nobody()
    {
        RoleHold holding = _test.Cache.Hold(Some.Request);
        Task<AssumeRoleResult> asked = _test.AskAsync();
        ScriptedSts.Flight flight = await _test.Sts.NextAsync();

        holding.Dispose();
        Task<AssumeRoleResult> joined = _test.AskAsync();
        flight.End(_test.Good(TimeSpan.FromHours(1)));

        Assert.NotNull((await asked).Credentials);
        Assert.Same((await asked).Credentials, (await joined).Credentials);
        Assert.Equal(1, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task Held_while_asked_they_are_renewed_for_as_long_as_somebody_asks()
    {
        using RoleHold holding = _test.Cache.HoldWhileAsked(Some.Request);
        await _test.AskAndEndAsync(_test.Good(Hour, 1));
        await _test.Log.WaitForLinesAsync(1);

        for (int number = 2; number <= 4; number++)
        {
            _test.Clock.Advance(41 * Minute);
            (await _test.Sts.NextAsync()).End(_test.Good(Hour, number));
            await _test.Log.WaitForLinesAsync(number);
            Assert.Equal($"ASIAEXAMPLE000{number}", (await _test.AskAsync()).Credentials?.AccessKeyId);
        }

        Assert.Equal(4, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task Held_while_asked_they_cost_one_renewal_after_the_last_who_asked()
    {
        using RoleHold holding = _test.Cache.HoldWhileAsked(Some.Request);
        await _test.AskAndEndAsync(_test.Good(Hour, 1));
        await _test.Log.WaitForLinesAsync(1);
        _test.Clock.Advance(41 * Minute);
        (await _test.Sts.NextAsync()).End(_test.Good(Hour, 2));
        await _test.Log.WaitForLinesAsync(2);

        for (int hour = 0; hour < 24; hour++) _test.Clock.Advance(Hour);

        Assert.Equal(2, _test.Sts.Calls);
        Assert.Equal("ASIAEXAMPLE0003", (await _test.AskAndEndAsync(_test.Good(Hour, 3))).Credentials?.AccessKeyId);
        Assert.Equal(3, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task Held_while_asked_a_renewal_that_fails_is_tried_again_while_there_is_something_to_serve()
    {
        using RoleHold holding = _test.Cache.HoldWhileAsked(Some.Request);
        await _test.AskAndEndAsync(_test.Good(Hour, 1));
        await _test.Log.WaitForLinesAsync(1);
        _test.Clock.Advance(41 * Minute);
        (await _test.Sts.NextAsync()).End(CacheUnderTest.Bad());
        await _test.Log.WaitForLinesAsync(2);

        _test.Clock.Advance(2 * Second);
        (await _test.Sts.NextAsync()).End(CacheUnderTest.Bad());
        await _test.Log.WaitForLinesAsync(3);
        _test.Clock.Advance(Hour);
        _test.Clock.Advance(Hour);

        Assert.Equal(3, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task Held_while_asked_a_role_that_is_refused_is_not_tried_again_by_itself()
    {
        using RoleHold holding = _test.Cache.HoldWhileAsked(Some.Request);
        await _test.AskAndEndAsync(CacheUnderTest.Bad());
        await _test.Log.WaitForLinesAsync(1);

        for (int minute = 0; minute < 60; minute++) _test.Clock.Advance(Minute);

        Assert.Equal(1, await _test.CallsInAllAsync());
    }
}
