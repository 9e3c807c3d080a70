using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Files;
using Microsoft.Extensions.Logging;
using Shipped.Tests;
using StsSimulator.Tests;

namespace CredBroker.Tests;

/// <summary>What the trail writes, and when.</summary>
public sealed class AuditTrailTests : IAsyncLifetime
{
    private TrailUnderTest _test = null!;

    public Task InitializeAsync()
    {
        _test = TrailUnderTest.Create();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Lines()
    {
        await _test.IssueAsync(1);
        AuditEvent[] events =
        [
            new(AuditKind.RequestRefused, Code: "Unauthorized", Path: "/v1/credentials"),
            new(AuditKind.SessionCreated, "abc234abc234", "default"),
            new(AuditKind.SessionEnded, "abc234abc234", Code: "RunEnded"),
            new(AuditKind.SessionRevoked, "abc234abc234"),
            new(AuditKind.GrantStored, Grant: "default", RoleArn: Some.Role),
            new(AuditKind.GrantRevoked, Grant: "default"),
        ];
        foreach (AuditEvent entry in events) Assert.Null(await _test.Trail.RecordAsync(entry));
        await _test.Trail.FlushAsync();

        Snapshot.Match(File.ReadAllText(_test.Settings.Path));
    }

    [Fact]
    public async Task The_chain_is_as_it_is_documented()
    {
        await _test.IssueAsync(3);

        string before = new('0', 64);
        foreach (string line in _test.Lines)
        {
            string body = line[..line.IndexOf(",\"hash\":\"", StringComparison.Ordinal)];
            using JsonDocument json = JsonDocument.Parse(line);
            Assert.Equal(before, json.RootElement.GetProperty("prev").GetString());
            before = json.RootElement.GetProperty("hash").GetString()!;
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(body))), before);
        }
    }

    [Fact]
    public async Task The_file_and_its_folder_are_private()
    {
        await _test.IssueAsync(1);

        Assert.Equal(("600", "700"), (Modes.Of(_test.Settings.Path), Modes.Of(_test.Folder["state"])));
    }

    public static TheoryData<string, string, string> Texts => new()
    {
        { "control characters are escaped", "/a\n\"kind\":\"\u001b[31m\u0000", """/a\n\u0022kind\u0022:\u0022\u001B[31m\u0000""" },
        { "other scripts are escaped, and what turns the direction of writing", "/ä\u202e", """/\u00E4\u202E""" },
        { "half a character is replaced", "/\ud800", """/\uFFFD""" },
        { "a token in a path is left out", "/v1/credentials/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "/v1/credentials/(long)" },
        { "a long path is cut", string.Concat(Enumerable.Repeat("/abcdefg", 100)), string.Concat(Enumerable.Repeat("/abcdefg", 32)) },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_path_is_kept_as(string why, string path, string written)
    {
        await _test.Trail.RecordAsync(new AuditEvent(AuditKind.RequestRefused, Code: "NotFound", Path: path));
        await _test.Trail.FlushAsync();

        Assert.Contains($"\"path\":\"{written}\"", Assert.Single(_test.Lines), StringComparison.Ordinal);
        Assert.Equal((why, 0L), (why, _test.Verify().ProblemCount));
    }

    [Fact]
    public async Task The_longest_line_is_shorter_than_what_is_read_as_one()
    {
        string most = new('\u00e4', 10_000);
        await _test.Trail.RecordAsync(new AuditEvent(AuditKind.CredentialsIssued, most, most, most, most, DateTimeOffset.MaxValue, most, string.Concat(Enumerable.Repeat("/ä", 5000)), long.MaxValue, most));

        Assert.True(Assert.Single(_test.Lines).Length < AuditLine.MaximumLength);
        Assert.Equal(0, _test.Verify().ProblemCount);
    }

    [Fact]
    public async Task A_hundred_at_once_are_all_kept_in_one_chain()
    {
        Failure?[] answers = await Task.WhenAll(Enumerable.Range(1, 100).Select(number => Task.Run(async () => await _test.Trail.RecordAsync(TrailUnderTest.Issuance(number)))));

        Assert.All(answers, Assert.Null);
        Assert.Equal(100, _test.Records.Select(record => record["accessKeyId"]).Distinct().Count());
        Assert.Equal((0L, 100L), (_test.Verify().ProblemCount, _test.Verify().Lines));
    }

    [Fact]
    public async Task A_later_trail_continues_the_chain()
    {
        await _test.IssueAsync(2);
        await _test.RestartAsync();
        await _test.IssueAsync(2, 3);

        Assert.Equal((0L, 4L), (_test.Verify().ProblemCount, _test.Verify().Lines));
    }

    [Fact]
    public async Task Two_trails_write_one_chain_in_turns()
    {
        await using AuditTrail other = _test.Another();
        for (int number = 0; number < 20; number++) Assert.Null(await (number % 3 == 0 ? other : _test.Trail).RecordAsync(TrailUnderTest.Issuance(number)));

        Assert.Equal((0L, 20L), (_test.Verify().ProblemCount, _test.Verify().Lines));
    }

    [Fact]
    public async Task Rotation_keeps_the_chain_and_all_files_for_those_who_rotate_and_those_who_do_not()
    {
        await using TrailUnderTest test = TrailUnderTest.Create(1000);
        await using AuditTrail other = test.Another();
        for (int number = 0; number < 30; number++) Assert.Null(await (number % 2 == 0 ? other : test.Trail).RecordAsync(TrailUnderTest.Issuance(number)));

        AuditVerdict verdict = test.Verify();
        Assert.Equal((0L, 30L), (verdict.ProblemCount, verdict.Lines));
        Assert.True(verdict.Files > 5);
        Assert.Contains("state/audit.000000000001.jsonl", test.Folder.Names);
        Assert.All(test.Folder.Names.Skip(1), name => Assert.Equal("600", Modes.Of(test.Folder[name])));
    }

    [Fact]
    public async Task Killed_between_the_two_steps_of_a_rotation_the_chain_goes_on()
    {
        await _test.IssueAsync(3);
        File.Move(_test.Settings.Path, _test.Folder["state/audit.000000000001.jsonl"]);
        Assert.Equal(0, _test.Verify().ProblemCount);
        await _test.RestartAsync();
        await _test.IssueAsync(1, 4);

        Assert.Equal((0L, 4L, 2), (_test.Verify().ProblemCount, _test.Verify().Lines, _test.Verify().Files));
        Assert.Equal(4, Assert.Single(_test.Records).Seq);
    }

    [Fact]
    public async Task What_cannot_be_rotated_grows_on_and_says_so_once()
    {
        await using TrailUnderTest test = TrailUnderTest.Create(1000);
        Directory.CreateDirectory(test.Folder["state"], UnixModes.PrivateFolder);
        test.Folder.Write("state/audit.000000000001.jsonl/in-the-way", "");
        await test.IssueAsync(10);

        Assert.Equal(10, test.Lines.Length);
        Assert.StartsWith("Warning: cannot rotate", Assert.Single(test.Log.Lines), StringComparison.Ordinal);

        // Once nothing is in the way it is rotated after all.
        Directory.Delete(test.Folder["state/audit.000000000001.jsonl"], recursive: true);
        await test.IssueAsync(2, 11);
        Assert.InRange(test.Lines.Length, 1, 2);
        Assert.Equal(0, test.Verify().ProblemCount);
    }

    /// <summary>Another process has the file's lock and does not let go, as a disk does that does not answer.</summary>
    [Fact]
    public async Task A_disk_that_hangs_keeps_nobody_waiting_for_longer_than_a_second()
    {
        await _test.IssueAsync(1);
        Task<Failure?> first, second;
        using (FileLock.TryExisting(_test.Settings.Path))
        {
            first = await StartWritingAsync(2);
            second = _test.Trail.RecordAsync(TrailUnderTest.Issuance(3)).AsTask();
            Assert.False(first.IsCompleted || second.IsCompleted);
            _test.Clock.Advance(TimeSpan.FromSeconds(1));

            Assert.Equal("AuditUnavailable", (await first.WaitAsync(Patience.Test))?.Code);
            Assert.Equal("AuditUnavailable", (await second.WaitAsync(Patience.Test))?.Code);
            Assert.Equal("AuditUnavailable", (await _test.Trail.RecordAsync(TrailUnderTest.Issuance(4)).AsTask().WaitAsync(Patience.Test))?.Code);
            Assert.False(_test.Trail.IsWritable);
        }

        // Told at once, and not by the next event: a kill before that would lose it without a trace.
        await WaitUntilAsync(() => _test.Trail.IsWritable);
        Assert.Equal(("events-lost", "2"), (_test.Records.Last()["kind"], _test.Records.Last()["count"]));
        Assert.Equal("Warning: the audit is written again; 2 events could not be kept, and a line says so", _test.Log.Lines[^1]);
        await _test.IssueAsync(1, 5);
        Assert.Equal(0, _test.Verify().ProblemCount);
    }

    /// <summary>.NET's timers may, by the system's clock tick.</summary>
    [Fact]
    public async Task A_timer_that_fires_a_moment_early_looks_again()
    {
        await using AuditTrail trail = new(_test.Settings, new EarlyClock(_test.Clock), _test.Log.Broker);
        Assert.Null(await trail.RecordAsync(TrailUnderTest.Issuance(1)));
        using (FileLock.TryExisting(_test.Settings.Path))
        {
            Task<Failure?> waiting = trail.RecordAsync(TrailUnderTest.Issuance(2)).AsTask();
            await WaitUntilAsync(() => _test.Clock.TimersSet > 0);
            _test.Clock.Advance(TimeSpan.FromMilliseconds(999));
            Assert.False(waiting.IsCompleted);
            _test.Clock.Advance(TimeSpan.FromMilliseconds(1));

            Assert.Equal("AuditUnavailable", (await waiting.WaitAsync(Patience.Test))?.Code);
        }
    }

    [Fact]
    public async Task A_trail_that_nobody_asks_finds_that_the_disk_is_well_again()
    {
        await _test.IssueAsync(1);
        string aside = _test.Folder["aside"];
        File.Move(_test.Settings.Path, aside);
        File.CreateSymbolicLink(_test.Settings.Path, aside); // which is refused, and is replaced in one step
        Assert.Equal("AuditUnavailable", (await _test.Trail.RecordAsync(TrailUnderTest.Issuance(2)))?.Code);
        _test.Clock.Advance(TimeSpan.FromSeconds(5)); // still so
        Assert.False(_test.Trail.IsWritable);

        File.Move(aside, _test.Settings.Path, overwrite: true);
        await WaitUntilAsync(() =>
        {
            _test.Clock.Advance(TimeSpan.FromSeconds(5));
            return _test.Trail.IsWritable;
        });

        Assert.Equal(("events-lost", "1"), (_test.Records.Last()["kind"], _test.Records.Last()["count"]));
        Assert.Equal(0, _test.Verify().ProblemCount);
    }

    [Fact]
    public async Task What_cannot_be_told_to_the_end_stands_in_the_log()
    {
        Directory.CreateDirectory(_test.Settings.Path, UnixModes.PrivateFolder);
        await _test.Trail.RecordAsync(TrailUnderTest.Issuance(1));
        await _test.Trail.DisposeAsync();

        Assert.Equal("Error: 1 events may be missing in the audit without a line that says so: it could not be written to the end", _test.Log.Lines[^1]);
    }

    [Fact]
    public async Task A_trail_that_ends_while_the_disk_hangs_leaves_nobody_waiting()
    {
        await _test.IssueAsync(1);
        using (FileLock.TryExisting(_test.Settings.Path))
        {
            Task<Failure?> first = await StartWritingAsync(2);
            await EndOnHungDiskAsync();

            Assert.Equal("AuditUnavailable", (await first.WaitAsync(Patience.Test))?.Code);
            Assert.Equal("Error: 1 events may be missing in the audit without a line that says so: it could not be written to the end", _test.Log.Lines[^1]);
        }
    }

    /// <summary>As the end of a session does, which then works on a store whose disk hangs.</summary>
    [Fact]
    public async Task Who_waits_for_credentials_does_not_wait_for_what_others_do_after_their_line()
    {
        using ManualResetEventSlim hung = new();
        Task others;
        Task<Failure?>[] issued;
        await _test.IssueAsync(1);
        using (FileLock.TryExisting(_test.Settings.Path))
        {
            _ = await StartWritingAsync(2);
            others = WorkAfterAsync(_test.Trail.RecordAsync(new AuditEvent(AuditKind.SessionEnded, "abc234abc234")));
            issued = [.. Enumerable.Range(3, 5).Select(number => _test.Trail.RecordAsync(TrailUnderTest.Issuance(number)).AsTask())];
        }

        Assert.All(await Task.WhenAll(issued).WaitAsync(Patience.Test), Assert.Null);
        Assert.False(others.IsCompleted);
        hung.Set();
        await others.WaitAsync(Patience.Test);

        async Task WorkAfterAsync(ValueTask<Failure?> recording)
        {
            Assert.Null(await recording.ConfigureAwait(false));
            hung.Wait();
        }
    }

    [Fact]
    public async Task Refusals_that_come_while_the_trail_ends_are_counted()
    {
        AuditEvent refusal = new(AuditKind.RequestRefused, Code: "Unauthorized", Path: "/");
        Task ending;
        await _test.IssueAsync(1);
        using (FileLock.TryExisting(_test.Settings.Path))
        {
            await _test.Trail.RecordAsync(refusal);
            await WaitUntilAsync(() => _test.Clock.TimersSet > 0);
            ending = _test.Trail.DisposeAsync().AsTask();
            for (int i = 0; i < 50; i++) await _test.Trail.RecordAsync(refusal);
        }

        await ending.WaitAsync(Patience.Test);

        int lost = _test.Records.Where(record => record["kind"] == "events-lost").Sum(record => int.Parse(record["count"]!, CultureInfo.InvariantCulture));
        int missing = _test.Log.Lines.Sum(line => int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
        Assert.Equal((51, 49), (_test.Records.Count(record => record["kind"] == "request-refused") + lost + missing, lost + missing));
    }

    [Fact]
    public async Task Refusals_that_share_a_line_are_missing_at_the_end_as_many_as_they_are()
    {
        AuditEvent refusal = new(AuditKind.RequestRefused, Code: "Unauthorized", Path: "/");
        await _test.Trail.RecordAsync(refusal);
        await _test.Trail.FlushAsync();
        for (int i = 0; i < 501; i++) Assert.Null(await _test.Trail.RecordAsync(refusal));
        await WaitUntilAsync(() => _test.Lines.Length == 2);
        using (FileLock.TryExisting(_test.Settings.Path))
        {
            await EndOnHungDiskAsync();

            Assert.Equal("Error: 500 events may be missing in the audit without a line that says so: it could not be written to the end", _test.Log.Lines[^1]);
        }
    }

    [Fact]
    public async Task A_disk_that_hung_and_lost_nothing_is_said_so()
    {
        await _test.IssueAsync(1);
        using (FileLock.TryExisting(_test.Settings.Path))
        {
            Task<Failure?> first = await StartWritingAsync(2);
            _test.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.NotNull(await first.WaitAsync(Patience.Test));
        }

        await WaitUntilAsync(() => _test.Trail.IsWritable);
        Assert.Equal("Warning: the audit is written again, and no event is missing in it", _test.Log.Lines[^1]);
        Assert.Equal(2, _test.Lines.Length);
    }

    [Fact]
    public async Task Refusals_that_share_a_line_are_lost_as_many_as_they_are()
    {
        Directory.CreateDirectory(_test.Settings.Path, UnixModes.PrivateFolder);
        for (int i = 0; i < 5; i++) Assert.Null(await _test.Trail.RecordAsync(new AuditEvent(AuditKind.RequestRefused, Code: "Unauthorized", Path: "/")));
        await _test.Trail.FlushAsync();
        Directory.Delete(_test.Settings.Path);
        await _test.IssueAsync(1);

        Assert.Equal(("events-lost", "5"), (_test.Records.First()["kind"], _test.Records.First()["count"]));
    }

    [Theory]
    [InlineData("until it takes too long", "AuditUnavailable")]
    [InlineData("until it is told to stop", "Interrupted")]
    public async Task A_file_that_another_process_holds_is_waited_for(string until, string code)
    {
        await _test.IssueAsync(1);
        await _test.RestartAsync();
        using (FileLock.TryExisting(_test.Settings.Path))
        {
            using CancellationTokenSource stopping = new();
            Task<Failure?> opening = _test.Trail.OpenAsync(stopping.Token);
            await WaitUntilAsync(() => _test.Clock.TimersSet > 0);
            Assert.False(opening.IsCompleted);
            if (code == "Interrupted") await stopping.CancelAsync();
            else _test.Clock.Advance(TimeSpan.FromSeconds(5));

            Assert.Equal((until, code), (until, (await opening.WaitAsync(Patience.Test))?.Code));
        }

        await _test.IssueAsync(1, 2);
    }

    [Fact]
    public async Task A_cut_line_is_kept_named_and_no_attack()
    {
        await _test.IssueAsync(2);
        await _test.RestartAsync();
        File.AppendAllText(_test.Settings.Path, _test.Lines[1][..100]);
        Assert.Contains("audit.jsonl:3: the last line is cut: 100 bytes without their end, after line 2", Assert.Single(_test.Verify().Problems), StringComparison.Ordinal);
        await _test.IssueAsync(1, 3);

        AuditVerdict verdict = _test.Verify();
        Assert.Equal((0L, 4L), (verdict.ProblemCount, verdict.Lines));
        Assert.EndsWith("audit.jsonl:3: a line was cut while it was written (100 bytes), as line 3 says: by a power cut or a kill", Assert.Single(verdict.Notes), StringComparison.Ordinal);
        Assert.Equal(_test.Lines[1][..100], _test.Lines[2]);
        Assert.Contains("ended in a line that was cut", Assert.Single(_test.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_cut_may_be_longer_than_any_line_and_the_files_first()
    {
        Directory.CreateDirectory(_test.Folder["state"], UnixModes.PrivateFolder);
        File.WriteAllBytes(_test.Settings.Path, new byte[200_000]);
        File.SetUnixFileMode(_test.Settings.Path, UnixModes.PrivateFile);
        await _test.IssueAsync(1);

        AuditVerdict verdict = _test.Verify();
        Assert.Equal((0L, 2L, 1), (verdict.ProblemCount, verdict.Lines, verdict.Notes.Count));
    }

    [Theory]
    [InlineData("a link", "is a link")]
    [InlineData("a folder", "Is a directory")]
    [InlineData("a pipe", "is not a plain file")]
    [InlineData("a file that others may write", "is writable for others")]
    [InlineData("a file of something else", "its last line is not an audit line")]
    [InlineData("a folder that others may write", "is writable for others")]
    public async Task It_is_not_written_into(string what, string why)
    {
        Directory.CreateDirectory(_test.Folder["state"], UnixModes.PrivateFolder);
        string path = _test.Settings.Path;
        if (what == "a link") File.CreateSymbolicLink(path, _test.Folder.Write("elsewhere", ""));
        else if (what == "a folder") Directory.CreateDirectory(path);
        else if (what == "a pipe") await Process.Start("mkfifo", [path]).WaitForExitAsync();
        else if (what == "a file that others may write") File.SetUnixFileMode(_test.Folder.Write("state/audit.jsonl", ""), (UnixFileMode)0b110_110_110);
        else if (what == "a file of something else") _test.Folder.Write("state/audit.jsonl", "127.0.0.1 localhost\n");
        else File.SetUnixFileMode(_test.Folder["state"], (UnixFileMode)0b111_111_111);

        Failure opened = (await _test.Trail.OpenAsync(default))!;
        Failure? recorded = await _test.Trail.RecordAsync(TrailUnderTest.Issuance(1));

        Assert.Contains(why, opened.Message, StringComparison.Ordinal);
        Assert.Equal((FailureKind.Host, FailureKind.Unavailable, false), (opened.Kind, recorded!.Kind, _test.Trail.IsWritable));
        Assert.DoesNotContain(_test.Folder.FolderPath, recorded.Message + recorded.Hint, StringComparison.Ordinal);
        Assert.Contains(why, Assert.Single(_test.Log.Lines), StringComparison.Ordinal);
        if (what == "a link") Assert.Empty(File.ReadAllText(_test.Folder["elsewhere"]));
    }

    [Theory]
    [InlineData("shortened")]
    [InlineData("removed")]
    [InlineData("replaced by a new chain")]
    public async Task Lines_that_are_taken_away_under_a_living_trail_are_found(string how)
    {
        await _test.IssueAsync(5);
        await using TrailUnderTest another = TrailUnderTest.Create();
        await another.IssueAsync(5, 100);
        if (how == "shortened") File.WriteAllLines(_test.Settings.Path, _test.Lines[..2]);
        else if (how == "removed") File.Delete(_test.Settings.Path);
        else File.Copy(another.Settings.Path, _test.Settings.Path, overwrite: true);
        await _test.IssueAsync(1, 6);

        Assert.NotEqual(0, _test.Verify().ProblemCount);
        if (how != "replaced by a new chain") Assert.Contains("has lost lines: line 5 was written", Assert.Single(_test.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_last_line_that_was_edited_is_no_cut_line()
    {
        await _test.IssueAsync(3);
        await _test.RestartAsync();
        File.WriteAllText(_test.Settings.Path, File.ReadAllText(_test.Settings.Path).Replace("EXAMPLE0003", "EXAMPLE9999", StringComparison.Ordinal));
        await _test.IssueAsync(1, 4);

        Assert.Contains("line 3 was edited", Assert.Single(_test.Verify().Problems), StringComparison.Ordinal);
        Assert.Contains("the last line of", Assert.Single(_test.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_after_the_end_is_not_kept()
    {
        await _test.Trail.DisposeAsync();

        Assert.Equal("AuditUnavailable", (await _test.Trail.RecordAsync(TrailUnderTest.Issuance(1)))!.Code);
    }

    [Fact]
    public async Task Who_comes_while_the_trail_gives_up_on_the_disk_is_told_too()
    {
        Task<Failure?>? late = null;
        AuditTrail? trail = null;
        BrokerLog log = new(new CallingLog(() => late ??= trail!.RecordAsync(TrailUnderTest.Issuance(3)).AsTask()));
        trail = new AuditTrail(_test.Settings, _test.Clock, log);
        Assert.Null(await trail.RecordAsync(TrailUnderTest.Issuance(1)));
        using (AppendFile other = AppendFile.Open(_test.Settings.Path))
        {
            other.Lock();
            Task<Failure?> first = trail.RecordAsync(TrailUnderTest.Issuance(2)).AsTask();
            await WaitUntilAsync(() =>
            {
                _test.Clock.Advance(TimeSpan.FromSeconds(1));
                return first.IsCompleted;
            });

            Assert.NotNull(await first);
            await WaitUntilAsync(() => Volatile.Read(ref late) is not null);
            Assert.NotNull(await late!.WaitAsync(Patience.Test));
            await trail.FlushAsync().WaitAsync(Patience.Test);
        }

        await trail.DisposeAsync();
    }

    /// <summary>An issuance whose writing has begun, so that the disk's time runs.</summary>
    private async Task<Task<Failure?>> StartWritingAsync(int number)
    {
        Task<Failure?> recording = _test.Trail.RecordAsync(TrailUnderTest.Issuance(number)).AsTask();
        await WaitUntilAsync(() => _test.Clock.TimersSet > 0);
        return recording;
    }

    private async Task EndOnHungDiskAsync()
    {
        Task ending = _test.Trail.DisposeAsync().AsTask();
        await WaitUntilAsync(() => _test.Clock.TimersSet > 0);
        _test.Clock.Advance(TimeSpan.FromSeconds(1));
        await ending.WaitAsync(Patience.Test);
    }

    private static async Task WaitUntilAsync(Func<bool> isSo)
    {
        using CancellationTokenSource limit = new(Patience.Test);
        while (!isSo()) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
    }

    private sealed class EarlyClock(FakeClock clock) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new EarlyTimer(clock.CreateTimer(callback, state, Early(dueTime), period));

        private static TimeSpan Early(TimeSpan due) => due > TimeSpan.FromMilliseconds(1) ? due - TimeSpan.FromMilliseconds(1) : due;

        private sealed class EarlyTimer(ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Early(dueTime), period);

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }

    private sealed class CallingLog(Action onLine) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => onLine();
    }
}
