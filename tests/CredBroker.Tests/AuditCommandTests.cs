using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using CredBroker.Audit;
using Shipped.Tests;

namespace CredBroker.Tests;

/// <summary><c>audit show|verify|follow</c> on a trail of two files.</summary>
public sealed class AuditCommandTests : IAsyncLifetime
{
    private TrailUnderTest _trail = null!;
    private CommandUnderTest _test = null!;

    public async Task InitializeAsync()
    {
        (_trail, _test) = (TrailUnderTest.Create(1000), new CommandUnderTest());
        await _trail.IssueAsync(3);
        _trail.Clock.Advance(TimeSpan.FromHours(1));
        await _trail.Trail.RecordAsync(new AuditEvent(AuditKind.RequestRefused, "xyz234xyz234", "writer", Code: "Forbidden", Path: "/v1/credentials/writer\u001b[2J"));
        await _trail.IssueAsync(1, 4);
    }

    public async Task DisposeAsync()
    {
        _test.Dispose();
        await _trail.DisposeAsync();
    }

    [Fact]
    public async Task Show() => Snapshot.Match(Hide((await RunAsync("show")).Output));

    [Fact]
    public async Task Show_as_json_is_the_lines_as_they_are() =>
        Assert.Equal(string.Concat(AuditFiles.Older(_trail.Settings.Path).Append(_trail.Settings.Path).Select(File.ReadAllText)), (await RunAsync("show", "--json")).Output);

    [Theory]
    [InlineData("a session", "1", "--session", "xyz234xyz234")]
    [InlineData("a grant", "1", "--grant", "writer")]
    [InlineData("a kind", "4", "--kind", "credentials-issued")]
    [InlineData("two at once", "0", "--kind", "credentials-issued", "--session", "xyz234xyz234")]
    [InlineData("since a time", "2", "--since", "2026-03-14T15:30Z")]
    [InlineData("since a day", "5", "--since", "2026-03-14")]
    [InlineData("until a time", "3", "--until", "2026-03-14T15:30:00")]
    [InlineData("since and until", "0", "--since", "2026-03-14T15:30", "--until", "2026-03-14T15:40")]
    [InlineData("of the last half hour: the command's clock is an hour behind the last lines", "5", "--since", "30m")]
    [InlineData("of the last seven days", "5", "--since", "7d")]
    public async Task Show_chooses(string why, string count, params string[] options)
    {
        CommandEnd end = await RunAsync(["show", "--json", .. options]);

        Assert.Equal((why, 0, int.Parse(count, null), ""), (why, end.ExitCode, end.Output.Count(c => c == '\n'), end.Error));
    }

    [Fact]
    public async Task Wrong_filters_are_all_told()
    {
        CommandEnd end = await RunAsync("show", "--kind", "x", "--since", "yesterday", "--until", "2h30");

        Assert.Equal((2, "", 4), (end.ExitCode, end.Output, end.Error.Count(c => c == '\n')));
        Assert.Contains("--since 'yesterday' is not an age as 90s", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_prints_the_head_that_it_takes_again()
    {
        CommandEnd end = await RunAsync("verify");

        string head = _trail.Records.Last().Tail.ToString();
        Assert.Equal(new CommandEnd(0, $"good: 5 lines in 2 files, 2026-03-14T15:09:26.535Z to 2026-03-14T16:09:26.535Z\nhead: {head}\n", ""), end);
        Assert.Equal(0, (await RunAsync("verify", "--expect", head)).ExitCode);
        Assert.Equal(2, (await RunAsync("verify", "--expect", head[..^1])).ExitCode);
    }

    [Fact]
    public async Task Verify_says_what_is_wrong_and_ends_with_1()
    {
        File.WriteAllText(_trail.Settings.Path, File.ReadAllText(_trail.Settings.Path).Replace("Forbidden", "NotFound", StringComparison.Ordinal));

        CommandEnd end = await RunAsync("verify");

        Assert.Equal((1, ""), (end.ExitCode, end.Output));
        Assert.StartsWith($"cred-broker: error: {_trail.Settings.Path}:1: line 4 was edited: its bytes do not give the hash ", end.Error, StringComparison.Ordinal);
        Assert.Contains("\ncred-broker: hint: Keep the files as they are: they are evidence.", end.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show")]
    [InlineData("verify")]
    public async Task Without_a_file_there_is_nothing_good(string command)
    {
        CommandEnd end = await _test.RunAsync("audit", command);

        Assert.Equal((1, ""), (end.ExitCode, end.Output));
        Assert.StartsWith("cred-broker: error: cannot read the audit: there is no ", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_passes_over_what_is_no_line_and_says_so()
    {
        File.AppendAllText(_trail.Settings.Path, "\u001b]0;title\n");

        CommandEnd end = await RunAsync("show");

        Assert.Equal((0, 5), (end.ExitCode, end.Output.Count(c => c == '\n')));
        Assert.Equal($"cred-broker: warning: {_trail.Settings.Path}:3 is not an audit line; see cred-broker audit verify\n", end.Error);
    }

    [Fact]
    public async Task Follow_goes_through_rotations_and_a_line_that_comes_in_two_parts()
    {
        FollowedLines seen = new();
        AuditFollower follower = new(_trail.Settings.Path, TimeProvider.System);
        using System.Threading.CancellationTokenSource ending = new();
        Task following = follower.FollowAsync(fromStart: true, row => seen.Add(row.Record!.Seq), () => false, ending.Token);
        await seen.WaitForAsync(5);
        await _trail.IssueAsync(20, 5);
        await seen.WaitForAsync(25);
        string line = _trail.Lines[^1];
        File.AppendAllText(_trail.Settings.Path, line[..50]);
        File.AppendAllText(_trail.Settings.Path, line[50..] + "\n");
        await seen.WaitForAsync(26);
        await ending.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
        Assert.Equal([.. Enumerable.Range(1, 25).Select(seq => (long)seq), 25], seen.Numbers);
    }

    [Fact]
    public async Task Follow_from_now_on_has_no_older_lines_and_ends_when_nobody_reads()
    {
        FollowedLines seen = new();
        bool isOver = false;
        AuditFollower follower = new(_trail.Settings.Path, TimeProvider.System);
        Task following = follower.FollowAsync(fromStart: false, row => seen.Add(row.Record!.Seq), () => System.Threading.Volatile.Read(ref isOver), default);
        await _trail.IssueAsync(1, 5);
        await seen.WaitForAsync(1);
        System.Threading.Volatile.Write(ref isOver, true);
        await following.WaitAsync(Patience.Test);

        Assert.Equal([6L], seen.Numbers);
    }

    private Task<CommandEnd> RunAsync(string command, params string[] options) => _test.RunAsync(["audit", command, "--file", _trail.Settings.Path, .. options]);

    private Task<CommandEnd> RunAsync(string[] words) => RunAsync(words[0], words[1..]);

    private string Hide(string output) => output.Replace(_trail.Folder.FolderPath, "FOLDER", StringComparison.Ordinal);
}
