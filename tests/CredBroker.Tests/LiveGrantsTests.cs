using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using CredBroker.Files;
using CredBroker.Grants;

namespace CredBroker.Tests;

public sealed class LiveGrantsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CollectedLog _log = new();
    private readonly GrantFile _file;
    private readonly LiveGrants _live;

    public LiveGrantsTests()
    {
        _file = new GrantFile(_folder["grants.json"]);
        _live = new LiveGrants(_file, _log.Broker);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_granted_replaced_and_revoked_counts_at_the_next_look()
    {
        Assert.Null(_live.Find("default"));

        Store(Some.Grant);
        Assert.Equal(Some.Grant, _live.Find("default"));

        Grant other = Some.Grant with { DurationSeconds = 900 };
        Store(other);
        Assert.Equal(other, _live.Find("default"));

        Assert.True(_file.TryRemove("default", out _, out _));
        Assert.Null(_live.Find("default"));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void A_file_that_has_not_changed_is_not_read_again()
    {
        Store(Some.Grant);

        Assert.Same(_live.Find("default"), _live.Find("default"));
    }

    [Fact]
    public void A_file_that_is_taken_away_grants_nothing()
    {
        Store(Some.Grant);
        Assert.NotNull(_live.Find("default"));

        File.Delete(_file.Path);

        Assert.Null(_live.Find("default"));
        Assert.False(_live.IsStale);
    }

    [Fact]
    public void Who_asks_while_another_reads_gets_nothing_that_is_revoked()
    {
        // So many that reading them takes longer than one look is good for.
        string others = string.Concat(Enumerable.Range(0, 3_000).Select(i => $$""",{"name":"g{{i}}","roleArn":"{{Some.Grant.RoleArn}}","region":"us-east-1","durationSeconds":3600}"""));
        LiveGrants live = new(_file, _log.Broker, LiveGrants.Usual);
        for (int round = 0; round < 10; round++)
        {
            Write("revoked");
            Thread.Sleep(2 * LiveGrants.Usual);
            Assert.NotNull(live.Find("revoked"));
            Thread.Sleep(2 * LiveGrants.Usual);
            Write("kept");

            Grant?[] found = new Grant?[8];
            Thread[] asking = [.. found.Select((_, i) => new Thread(() => found[i] = live.Find("revoked")))];
            foreach (Thread each in asking) each.Start();
            foreach (Thread each in asking) each.Join();

            Assert.All(found, Assert.Null);
        }

        void Write(string name) => AtomicFile.Write(
            _file.Path, Encoding.UTF8.GetBytes($$"""{"version":1,"grants":[{"name":"{{name}}","roleArn":"{{Some.Grant.RoleArn}}","region":"us-east-1","durationSeconds":3600}{{others}}]}"""), UnixModes.PrivateFile);
    }

    [Theory]
    [InlineData("no JSON", "{", "it is not valid JSON of grants")]
    [InlineData("another version", """{"version":9,"grants":[]}""", "it is not of version 1")]
    [InlineData("a grant that could not be granted", """{"version":1,"grants":[{"name":"default","roleArn":"x","region":"us-east-1","durationSeconds":3600}]}""", "its grant 'default' could not be granted")]
    public void A_file_that_is_spoilt_changes_nothing_and_is_said_once(string why, string text, string because)
    {
        Store(Some.Grant);
        Assert.NotNull(_live.Find("default"));

        File.WriteAllText(_file.Path, text);

        for (int look = 0; look < 3; look++) Assert.Equal(Some.Grant, _live.Find("default"));
        Assert.True(_live.IsStale, why);
        string line = Assert.Single(_log.Lines);
        Assert.StartsWith($"Warning: cannot read the grants in {_file.Path}: ", line, StringComparison.Ordinal);
        Assert.Contains(because, line, StringComparison.Ordinal);
        Assert.EndsWith("the grants as they were before go on serving", line, StringComparison.Ordinal);
    }

    /// <summary>No descriptor left, or a mode that is mended: the file says then what it said all the time, and may say what has been revoked.</summary>
    [Fact]
    public void A_file_that_could_not_be_read_for_a_moment_is_read_at_the_next_look()
    {
        Store(Some.Grant);
        Assert.NotNull(_live.Find("default"));
        Assert.True(_file.TryRemove("default", out _, out _));
        File.SetUnixFileMode(_file.Path, (UnixFileMode)0b110_110_110);

        for (int look = 0; look < 3; look++) Assert.Equal(Some.Grant, _live.Find("default"));
        Assert.Contains("is writable for others", Assert.Single(_log.Lines), StringComparison.Ordinal);
        File.SetUnixFileMode(_file.Path, UnixModes.PrivateFile);

        Assert.Null(_live.Find("default"));
    }

    [Fact]
    public void A_file_that_is_mended_serves_again()
    {
        File.WriteAllText(_file.Path, "{");
        Assert.Null(_live.Find("default"));
        File.Delete(_file.Path);
        Store(Some.Grant);

        Assert.Equal(Some.Grant, _live.Find("default"));

        Assert.False(_live.IsStale);
        Assert.EndsWith("can be read again", _log.Lines[^1], StringComparison.Ordinal);
    }

    private void Store(Grant grant) => Assert.True(_file.TryStore(grant, out _, out Failure? failure), failure?.Message);
}
