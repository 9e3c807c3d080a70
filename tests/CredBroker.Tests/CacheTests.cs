using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Credentials;

namespace CredBroker.Tests;

/// <summary>What an asker gets, and how many calls of STS it takes.</summary>
public sealed class CacheTests : IAsyncDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1), Minute = TimeSpan.FromMinutes(1), Second = TimeSpan.FromSeconds(1);

    private readonly CacheUnderTest _test = new();

    public async ValueTask DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Two_asks_take_one_call()
    {
        AssumeRoleResult good = _test.Good(Hour);
        _test.Sts.Answer = (_, _) => good;

        Assert.Equal(good, await _test.AskAsync());
        Assert.Equal(good, await _test.AskAsync());
        Assert.Equal(1, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task However_many_ask_at_once_there_is_one_call()
    {
        Task<AssumeRoleResult>[] asked = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => Task.FromResult(_test.AskAsync()))));
        AssumeRoleResult good = _test.Good(Hour);
        (await _test.Sts.NextAsync()).End(good);

        Assert.All(await Task.WhenAll(asked), got => Assert.Equal(good, got));
        Assert.Equal(1, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task A_caller_that_goes_away_takes_nothing_from_the_others()
    {
        using CancellationTokenSource away = new();
        Task<AssumeRoleResult> leaves = _test.AskAsync(cancellation: away.Token);
        Task<AssumeRoleResult> stays = _test.AskAsync();
        ScriptedSts.Flight flight = await _test.Sts.NextAsync();

        await away.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        Assert.False(flight.Cancellation.IsCancellationRequested);
        AssumeRoleResult good = _test.Good(Hour);
        flight.End(good);
        Assert.Equal(good, await stays);
        Assert.Equal(1, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task Who_has_waited_long_enough_is_told_so_and_finds_the_result_later()
    {
        Task<AssumeRoleResult> early = _test.AskAsync();
        ScriptedSts.Flight flight = await _test.Sts.NextAsync();

        _test.Clock.Advance(TimeSpan.FromMilliseconds(1499));
        Assert.False(early.IsCompleted);
        _test.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Failure? waiting = (await early).Failure;
        Assert.Equal((FailureKind.Unavailable, "StillWorking"), (waiting?.Kind, waiting?.Code));
        AssumeRoleResult good = _test.Good(Hour);
        flight.End(good);
        await _test.Log.WaitForLinesAsync(1);
        Assert.Equal(good, await _test.AskAsync());
        Assert.Equal(1, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task Renewal_runs_ahead_and_the_old_ones_are_served_meanwhile()
    {
        AssumeRoleResult old = await _test.AskAndEndAsync(_test.Good(Hour, 1));
        _test.Clock.Advance(40 * Minute);
        Assert.Equal(old, await _test.AskAsync());
        Assert.Equal(1, _test.Sts.Calls);
        _test.Clock.Advance(Second);

        Assert.Equal(old, await _test.AskAsync());
        ScriptedSts.Flight renewal = await _test.Sts.NextAsync();
        Assert.Equal([old, old, old], await Task.WhenAll(_test.AskAsync(), _test.AskAsync(), _test.AskAsync()));

        AssumeRoleResult renewed = _test.Good(Hour, 2);
        renewal.End(renewed);
        await _test.Log.WaitForLinesAsync(2);
        Assert.Equal(renewed, await _test.AskAsync());
        Assert.Equal(2, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task With_three_minutes_left_there_is_a_new_call()
    {
        AssumeRoleResult old = await _test.AskAndEndAsync(_test.Good(Hour, 1));
        _test.Clock.Advance(57 * Minute);

        Assert.Equal(old, await _test.AskAsync());
        ScriptedSts.Flight renewal = await _test.Sts.NextAsync();
        AssumeRoleResult renewed = _test.Good(Hour, 2);
        renewal.End(renewed);
        await _test.Log.WaitForLinesAsync(2);

        Assert.Equal(renewed, await _test.AskAsync());
        Assert.Equal(2, await _test.CallsInAllAsync());
    }

    [Theory]
    [InlineData("a bit more than a minute left", 61, true)]
    [InlineData("a minute left", 60, false)]
    [InlineData("less than a minute left", 1, false)]
    [InlineData("at the end", 0, false)]
    [InlineData("expired", -1, false)]
    [InlineData("long expired", -90_000, false)]
    public async Task Credentials_are_served_while_more_than_a_minute_is_left(string why, int secondsLeft, bool isServed)
    {
        AssumeRoleResult old = await _test.AskAndEndAsync(_test.Good(Hour, 1));
        _test.Clock.Advance(Hour - secondsLeft * Second);

        Task<AssumeRoleResult> asked = _test.AskAsync();
        ScriptedSts.Flight renewal = await _test.Sts.NextAsync();
        bool isAnsweredAtOnce = asked.IsCompleted;
        AssumeRoleResult renewed = _test.Good(Hour, 2);
        renewal.End(renewed);

        Assert.Equal((why, isServed, isServed ? old : renewed), (why, isAnsweredAtOnce, await asked));
    }

    [Fact]
    public async Task Expired_credentials_are_not_served_when_STS_fails()
    {
        await _test.AskAndEndAsync(_test.Good(Hour));
        _test.Clock.Advance(Hour);

        AssumeRoleResult got = await _test.AskAndEndAsync(CacheUnderTest.Bad("Throttling"));

        Assert.Equal((null, "Throttling"), (got.Credentials, got.Failure?.Code));
        Assert.Null((await _test.AskAsync()).Credentials);
    }

    [Fact]
    public async Task A_clock_that_is_behind_does_not_make_expired_credentials_good()
    {
        // STS's hour ends three hours from now, by this host's clock.
        await _test.AskAndEndAsync(_test.Good(3 * Hour));
        _test.Clock.Advance(Hour);

        Task<AssumeRoleResult> asked = _test.AskAsync();
        (await _test.Sts.NextAsync()).End(CacheUnderTest.Bad());

        Assert.Equal("AccessDenied", (await asked).Failure?.Code);
    }

    [Fact]
    public async Task A_clock_that_is_set_right_does_not_prolong_the_pause_after_a_failure()
    {
        await _test.AskAndEndAsync(CacheUnderTest.Bad("SignatureDoesNotMatch"));
        _test.Clock.Advance(-Hour);
        Assert.InRange((await _test.AskAsync()).Failure!.RetryAfter!.Value, TimeSpan.Zero, 2 * Second);
        _test.Clock.Advance(2 * Second);

        Assert.NotNull((await _test.AskAndEndAsync(_test.Good(Hour))).Credentials);
    }

    [Fact]
    public async Task So_many_calls_at_once_and_no_more_and_what_nobody_waits_for_leaves_room()
    {
        RoleRequest[] requests = [.. Enumerable.Range(0, RoleCredentialCache.MostFlights + 8).Select(number => Some.Request with { SessionName = $"cred-broker-{number}" })];
        _test.Sts.Answer = (number, _) => _test.Good(Hour, number);
        await Task.WhenAll(requests.Select(request => _test.AskAsync(request)));
        for (int i = 0; i < requests.Length; i++) await _test.Sts.NextAsync();
        _test.Sts.Answer = null;
        _test.Clock.Advance(50 * Minute);

        // All are due: half of the places are for renewals.
        await Task.WhenAll(requests.Select(request => _test.AskAsync(request)));
        List<ScriptedSts.Flight> flights = [];
        for (int i = 0; i < RoleCredentialCache.MostFlights / 2; i++) flights.Add(await _test.Sts.NextAsync());
        Task<AssumeRoleResult>[] cold = [.. requests.Select(request => _test.AskAsync(request with { SessionName = request.SessionName + "-cold" }))];
        for (int i = 0; i < RoleCredentialCache.MostFlights / 2; i++) flights.Add(await _test.Sts.NextAsync());
        Assert.Equal(RoleCredentialCache.MostFlights / 2, flights.Count(flight => flight.Request.SessionName.EndsWith("-cold", StringComparison.Ordinal)));
        Assert.Equal(requests.Length + RoleCredentialCache.MostFlights, _test.Sts.Calls);

        _test.Sts.Answer = (number, _) => _test.Good(Hour, number);
        flights.ForEach(flight => flight.End(_test.Good(Hour)));
        Assert.All(await Task.WhenAll(cold), result => Assert.NotNull(result.Credentials));
    }

    [Fact]
    public async Task What_STS_issues_expired_is_never_served()
    {
        AssumeRoleResult expired = await _test.AskAndEndAsync(_test.Good(TimeSpan.Zero, 1));
        Assert.Equal((FailureKind.Unavailable, "ExpiredOnArrival"), (expired.Failure!.Kind, expired.Failure.Code));

        _test.Clock.Advance(2 * Second);
        AssumeRoleResult renewed = _test.Good(Hour, 2);
        Assert.Equal(renewed, await _test.AskAndEndAsync(renewed));
    }

    [Fact]
    public async Task What_is_due_on_arrival_is_not_renewed_at_every_ask()
    {
        AssumeRoleResult brief = await _test.AskAndEndAsync(_test.Good(10 * Minute, 1));

        Assert.Equal([brief, brief, brief], [await _test.AskAsync(), await _test.AskAsync(), await _test.AskAsync()]);

        Assert.Equal(1, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task Good_credentials_outlive_failures_of_STS()
    {
        AssumeRoleResult good = await _test.AskAndEndAsync(_test.Good(Hour));
        _test.Clock.Advance(45 * Minute);

        Assert.Equal(good, await _test.AskAsync());
        (await _test.Sts.NextAsync()).End(CacheUnderTest.Bad());
        await _test.Log.WaitForLinesAsync(2);
        Assert.Equal([good, good, good], await Task.WhenAll(_test.AskAsync(), _test.AskAsync(), _test.AskAsync()));

        Assert.Equal(2, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task After_a_failed_renewal_there_is_a_pause_and_then_another_call()
    {
        AssumeRoleResult old = await _test.AskAndEndAsync(_test.Good(Hour, 1));
        _test.Clock.Advance(45 * Minute);
        await _test.AskAsync();
        (await _test.Sts.NextAsync()).End(CacheUnderTest.Bad());
        await _test.Log.WaitForLinesAsync(2);

        _test.Clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(old, await _test.AskAsync());
        _test.Clock.Advance(TimeSpan.FromMilliseconds(501)); // the pause is one second and at most half as much again
        Assert.Equal(old, await _test.AskAsync());
        ScriptedSts.Flight second = await _test.Sts.NextAsync();
        AssumeRoleResult renewed = _test.Good(Hour, 2);
        second.End(renewed);
        await _test.Log.WaitForLinesAsync(3);

        Assert.Equal(renewed, await _test.AskAsync());
        Assert.Equal(3, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task A_failure_without_credentials_is_repeated_without_a_call()
    {
        Assert.Equal(CacheUnderTest.Bad(), await _test.AskAndEndAsync(CacheUnderTest.Bad()));
        _test.Clock.Advance(TimeSpan.FromMilliseconds(999));

        foreach (AssumeRoleResult again in await Task.WhenAll(_test.AskAsync(), _test.AskAsync()))
        {
            // The pause is one second and at most half as much again.
            Assert.InRange(again.Failure!.RetryAfter!.Value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(501));
            Assert.Equal(Some.Refusal, again.Failure with { RetryAfter = null });
        }

        Assert.Equal(1, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task The_pause_grows_with_every_failure_and_a_success_ends_it()
    {
        int[] pauses = [1, 2, 4, 8, 16, 30, 30];
        await _test.AskAndEndAsync(CacheUnderTest.Bad("1"));
        for (int failures = 1; failures <= pauses.Length; failures++)
        {
            TimeSpan pause = pauses[failures - 1] * Second;
            _test.Clock.Advance(pause - TimeSpan.FromMilliseconds(1));
            Assert.Equal($"{failures}", (await _test.AskAsync()).Failure?.Code);
            _test.Clock.Advance(pause / 2 + TimeSpan.FromMilliseconds(1));
            Assert.Equal($"{failures + 1}", (await _test.AskAndEndAsync(CacheUnderTest.Bad($"{failures + 1}"))).Failure?.Code);
        }

        _test.Clock.Advance(45 * Second);
        await _test.AskAndEndAsync(_test.Good(Hour));
        _test.Clock.Advance(Hour);
        await _test.AskAndEndAsync(CacheUnderTest.Bad("again"));
        _test.Clock.Advance(1.5 * Second);
        await _test.AskAndEndAsync(_test.Good(Hour));
        Assert.Equal(pauses.Length + 4, await _test.CallsInAllAsync());
    }

    public static TheoryData<string> Fields => [.. typeof(RoleRequest).GetProperties().Where(property => property.SetMethod is not null).Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task Requests_share_nothing_that_differ_in(string field)
    {
        RoleRequest other = With(Some.Request, field);
        _test.Sts.Answer = (number, _) => _test.Good(Hour, number);

        string first = (await _test.AskAsync(Some.Request)).Credentials!.AccessKeyId, second = (await _test.AskAsync(other)).Credentials!.AccessKeyId;

        Assert.Equal(("ASIAEXAMPLE0001", "ASIAEXAMPLE0002"), (first, second));
        Assert.Equal(first, (await _test.AskAsync(Some.Request with { })).Credentials!.AccessKeyId);
        Assert.Equal([Some.Request, other], [(await _test.Sts.NextAsync()).Request, (await _test.Sts.NextAsync()).Request]);
        Assert.Equal(2, await _test.CallsInAllAsync());
    }

    [Fact]
    public async Task A_failure_of_one_role_is_not_anothers()
    {
        RoleRequest other = Some.Request with { RoleArn = "arn:aws:iam::123456789012:role/other" };
        AssumeRoleResult good = _test.Good(Hour);
        _test.Sts.Answer = (_, request) => request == other ? CacheUnderTest.Bad() : good;

        Assert.NotNull((await _test.AskAsync(other)).Failure);
        Assert.Equal(good, await _test.AskAsync());
    }

    [Fact]
    public async Task A_bug_in_a_call_is_an_answer_for_those_who_wait_and_not_the_end_of_all_calls()
    {
        Task<AssumeRoleResult>[] asked = [_test.AskAsync(), _test.AskAsync()];
        (await _test.Sts.NextAsync()).End(new InvalidOperationException("a bug, with " + Sentinel.Secret));

        foreach (AssumeRoleResult got in await Task.WhenAll(asked))
        {
            Assert.Equal((FailureKind.Internal, "InternalError"), (got.Failure?.Kind, got.Failure?.Code));
            Sentinel.AssertNotIn(got.Failure!.Message + got.Failure.Hint);
        }

        _test.Clock.Advance(2 * Second);
        AssumeRoleResult good = _test.Good(Hour);
        Assert.Equal(good, await _test.AskAndEndAsync(good));
    }

    [Fact]
    public async Task A_bug_in_a_renewal_takes_no_good_credentials_away()
    {
        AssumeRoleResult old = await _test.AskAndEndAsync(_test.Good(Hour, 1));
        _test.Clock.Advance(50 * Minute);
        await _test.AskAsync();
        (await _test.Sts.NextAsync()).End(new InvalidOperationException("a bug"));
        await _test.Log.WaitForLinesAsync(2);

        Assert.Equal(old, await _test.AskAsync());
        _test.Clock.Advance(2 * Second);
        await _test.AskAsync();
        AssumeRoleResult renewed = _test.Good(Hour, 2);
        (await _test.Sts.NextAsync()).End(renewed);
        await _test.Log.WaitForLinesAsync(3);
        Assert.Equal(renewed, await _test.AskAsync());
    }

    [Fact]
    public async Task The_end_of_the_cache_ends_its_calls()
    {
        Task<AssumeRoleResult> asked = _test.AskAsync();
        ScriptedSts.Flight flight = await _test.Sts.NextAsync();
        using CancellationTokenRegistration registration = flight.Cancellation.Register(() => flight.End(CacheUnderTest.Bad("Cancelled")));

        await _test.DisposeAsync();

        Assert.Equal("Cancelled", (await asked).Failure?.Code);
    }

    [Fact]
    public async Task The_end_of_the_cache_is_no_error_when_a_call_ends_by_its_cancellation()
    {
        Task<AssumeRoleResult> asked = _test.AskAsync();
        ScriptedSts.Flight flight = await _test.Sts.NextAsync();
        using CancellationTokenRegistration registration = flight.Cancellation.Register(() => flight.End(new OperationCanceledException(flight.Cancellation)));

        await _test.DisposeAsync();

        Assert.Null((await asked).Credentials);
    }

    [Fact]
    public async Task The_log_names_role_session_and_end_and_no_secret()
    {
        await _test.AskAndEndAsync(_test.Good(Hour));
        _test.Clock.Advance(Hour);
        await _test.AskAndEndAsync(CacheUnderTest.Bad());

        Assert.Equal(
            [
                "Information: got credentials of arn:aws:sts::123456789012:assumed-role/reader/cred-broker-abc234abc234 until 2026-03-14 16:09:26Z",
                "Warning: got no credentials of arn:aws:iam::123456789012:role/reader for cred-broker-abc234abc234: AccessDenied: AWS says no (in full: in AWS's own words)",
            ],
            _test.Log.Lines);
    }

    private static RoleRequest With(RoleRequest request, string field)
    {
        RoleRequest other = request with { };
        System.Reflection.PropertyInfo property = typeof(RoleRequest).GetProperty(field)!;
        property.SetValue(other, RoleRequestTests.Other(property.PropertyType, property.GetValue(request)));
        return other;
    }
}
