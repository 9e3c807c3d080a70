using System;
using System.Linq;
using System.Threading.Tasks;
using CredBroker.Audit;

namespace CredBroker.Tests;

/// <summary>Repeats of one refusal within a minute are one line.</summary>
public sealed class AuditRefusalTests : IAsyncLifetime
{
    private static readonly AuditEvent Refusal = new(AuditKind.RequestRefused, Code: "Unauthorized", Path: "/v1/credentials");

    private TrailUnderTest _test = null!;

    public Task InitializeAsync()
    {
        _test = TrailUnderTest.Create();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task The_first_is_written_at_once_and_the_rest_at_the_end_of_its_minute()
    {
        await RefuseAsync(Refusal, 6);
        Assert.Equal(["-"], await CountsAsync());

        await AdvanceAsync(59);
        Assert.Equal(["-"], await CountsAsync());
        await AdvanceAsync(1);
        Assert.Equal(["-", "5"], await CountsAsync());
    }

    [Fact]
    public async Task One_that_goes_on_is_a_line_a_minute()
    {
        for (int minute = 0; minute < 3; minute++)
        {
            await RefuseAsync(Refusal, 100);
            await AdvanceAsync(60);
        }

        Assert.Equal(["-", "99", "100", "100"], await CountsAsync());
    }

    [Fact]
    public async Task After_a_quiet_minute_it_is_a_first_again()
    {
        await RefuseAsync(Refusal, 1);
        await AdvanceAsync(60);
        await RefuseAsync(Refusal, 1);

        Assert.Equal(["-", "-"], await CountsAsync());
    }

    [Fact]
    public async Task A_clock_that_is_put_back_holds_no_count_back()
    {
        await RefuseAsync(Refusal, 3);
        _test.Clock.Advance(TimeSpan.FromHours(-5));
        await RefuseAsync(Refusal with { Code = "Forbidden" }, 1);
        _test.Clock.Advance(TimeSpan.FromHours(5) + TimeSpan.FromMinutes(1));

        Assert.Equal(["-", "-", "2"], await CountsAsync());
    }

    [Fact]
    public async Task Another_code_session_or_path_is_another_refusal()
    {
        foreach (AuditEvent refusal in (AuditEvent[])[Refusal, Refusal with { Code = "Forbidden" }, Refusal with { Session = "abc" }, Refusal with { Path = "/" }]) await RefuseAsync(refusal, 2);
        await AdvanceAsync(60);

        Assert.Equal(["-", "-", "-", "-", "1", "1", "1", "1"], await CountsAsync());
    }

    [Fact]
    public async Task Counts_are_written_at_the_end()
    {
        await RefuseAsync(Refusal, 4);
        await _test.RestartAsync();

        Assert.Equal(["-", "3"], await CountsAsync());
    }

    [Fact]
    public async Task Many_paths_and_codes_fill_neither_memory_nor_disk()
    {
        for (int number = 0; number < 5000; number++) await _test.Trail.RecordAsync(Refusal with { Path = $"/{number}" });
        for (int number = 0; number < 5000; number++) await _test.Trail.RecordAsync(Refusal with { Code = $"Code{number}", Path = $"/{number}" });
        await _test.RestartAsync();

        Assert.InRange(_test.Lines.Length, 256, 500);
        Assert.Equal(10_000, _test.Records.Sum(record => record["count"] is string count ? int.Parse(count, null) : 1));
        Assert.Contains(_test.Records, record => record["code"] == "Unauthorized" && record["path"] == "*" && record["count"] == "4743");
    }

    [Fact]
    public async Task A_refusal_waits_for_no_disk_and_keeps_its_place()
    {
        ValueTask<Failure?> first = _test.Trail.RecordAsync(Refusal);
        Assert.True(first.IsCompletedSuccessfully);
        Assert.Null(await first);
        await _test.IssueAsync(1);

        Assert.Equal(["request-refused", "credentials-issued"], _test.Records.Select(record => record["kind"]!));
    }

    private async Task RefuseAsync(AuditEvent refusal, int times)
    {
        for (int time = 0; time < times; time++) Assert.Null(await _test.Trail.RecordAsync(refusal));
        await IdleAsync();
    }

    private async Task AdvanceAsync(int seconds)
    {
        await IdleAsync(); // or the disk would seem to hang for as long
        _test.Clock.Advance(TimeSpan.FromSeconds(seconds));
    }

    private async Task IdleAsync() => Assert.Null(await _test.Trail.RecordAsync(new AuditEvent(AuditKind.GrantRevoked)));

    private async Task<string[]> CountsAsync()
    {
        await IdleAsync();
        return [.. _test.Records.Where(record => record["kind"] == "request-refused").Select(record => record["count"] ?? "-")];
    }
}
