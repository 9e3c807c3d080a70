using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using CredBroker.Grants;
using CredBroker.Payload;
using CredBroker.Runs;

namespace CredBroker.Tests;

public sealed class RunFolderTests : IDisposable
{
    /// <summary>Names as runs give them.</summary>
    private const string Killed = "aaaaaaaaaaaa", KilledBeforeItsLock = "bbbbbbbbbbbb", Odd = "dddddddddddd";

    private readonly TemporaryFolder _folder = new();

    private static readonly Grant[] Grants = [Some.Grant with { Region = "eu-central-1" }];

    private string Runs => _folder["state/runs"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_has_a_helper_and_a_config_that_names_it()
    {
        using RunFolder run = Create("one");
        string path = Path.Combine(Runs, "one");

        Assert.Equal((path, Path.Combine(path, "config"), Path.Combine(path, "credentials")), (run.FolderPath, run.ConfigFile, run.CredentialsFile));
        Assert.Equal(
            $"""
            # Written by cred-broker run, and removed when the run ends.
            [default]
            credential_process = {path}/aws-cred
            region = eu-central-1

            """,
            File.ReadAllText(run.ConfigFile));
        Assert.Equal("", File.ReadAllText(run.CredentialsFile));
        Assert.Equal(EmbeddedHelpers.RecordedHash(EmbeddedHelpers.ThisMachine!), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(path, "aws-cred")))));
    }

    [Fact]
    public void Each_grant_has_a_profile_and_the_first_is_the_default_too()
    {
        Grant reader = Some.Grant with { Name = "reader", Region = "eu-central-1" }, writer = Some.Grant with { Name = "writer", Region = "us-west-2" };
        Assert.True(RunFolder.TryCreate(Runs, "one", [reader, writer], out RunFolder? run, out _));
        using (run)
        {
            string helper = Path.Combine(run!.FolderPath, "aws-cred");
            Assert.Equal(
                $"""
                # Written by cred-broker run, and removed when the run ends.
                [default]
                credential_process = {helper}
                region = eu-central-1
                [profile reader]
                credential_process = {helper} --grant reader
                region = eu-central-1
                [profile writer]
                credential_process = {helper} --grant writer
                region = us-west-2

                """,
                File.ReadAllText(run.ConfigFile));
        }
    }

    [Fact]
    public void Grants_of_two_regions_have_none_that_wins_over_their_profiles()
    {
        using RunFolder run = Create("one");
        Dictionary<string, string?> environment = new() { ["AWS_REGION"] = "the host's own", ["AWS_DEFAULT_REGION"] = "the host's own" };

        CommandEnvironment.Apply(environment, run, new Uri("http://127.0.0.1:4711"), new Sessions.SessionToken(), [Some.Grant, Some.Grant with { Name = "other", Region = "us-west-2" }]);

        Assert.DoesNotContain(environment.Keys, name => name.EndsWith("REGION", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_this_user_gets_in()
    {
        using RunFolder run = Create("one");

        Assert.Equal(("700", "700"), (Modes.Of(Runs), Modes.Of(run.FolderPath)));
        Assert.Equal(
            ["aws-cred 755", "config 600", "credentials 600", "lock 600"],
            Directory.EnumerateFiles(run.FolderPath).Select(path => $"{Path.GetFileName(path)} {Modes.Of(path)}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_end_of_a_run_leaves_no_folder()
    {
        Create("one").Dispose();

        Assert.Equal(["state", "state/runs", "state/runs/.lock"], _folder.Names);
    }

    [Fact]
    public void What_COMMAND_put_into_the_folder_goes_too()
    {
        RunFolder run = Create("one");
        Directory.CreateDirectory(Path.Combine(run.FolderPath, "cache", "deep"));
        File.WriteAllText(Path.Combine(run.FolderPath, "cache", "deep", "file"), "");

        run.Dispose();

        Assert.False(Directory.Exists(run.FolderPath));
    }

    [Fact]
    public void A_folder_that_is_gone_already_is_no_error()
    {
        RunFolder run = Create("one");
        Directory.Delete(run.FolderPath, recursive: true);

        run.Dispose();

        Assert.Empty(AbandonedRuns.Sweep(Runs));
    }

    [Fact]
    public void Two_runs_have_two_folders_and_one_id_has_one()
    {
        using RunFolder first = Create("one"), second = Create("two");

        Assert.False(RunFolder.TryCreate(Runs, "one", Grants, out RunFolder? third, out Failure? failure));

        Assert.Equal((null, FailureKind.Host, "FolderNotMade"), (third, failure!.Kind, failure.Code));
        Assert.True(File.Exists(first.ConfigFile) && File.Exists(second.ConfigFile));
    }

    [Theory]
    [InlineData("writable for others", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute)]
    [InlineData("writable for its group", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupWrite)]
    public void A_folder_of_runs_that_others_could_change_is_refused(string why, UnixFileMode mode)
    {
        Directory.CreateDirectory(Runs);
        File.SetUnixFileMode(Runs, mode);

        Assert.False(RunFolder.TryCreate(Runs, "one", Grants, out _, out Failure? failure), why);

        Assert.Equal("FolderNotMade", failure!.Code);
        Assert.Contains("is writable for others", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_runs_that_is_a_link_is_refused_and_never_swept()
    {
        _folder.Write($"elsewhere/{Killed}/lock", "");
        Directory.CreateDirectory(_folder["state"]);
        Directory.CreateSymbolicLink(Runs, _folder["elsewhere"]);

        Assert.Single(AbandonedRuns.Sweep(Runs));
        Assert.False(RunFolder.TryCreate(Runs, "one", Grants, out _, out Failure? failure));

        Assert.Contains("is not a folder, but a link", failure!.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder[$"elsewhere/{Killed}/lock"]));
    }

    [Fact]
    public void A_sweep_takes_what_killed_runs_left_and_never_a_live_one()
    {
        using RunFolder live = Create("live");
        _folder.Write($"state/runs/{Killed}/lock", "");
        _folder.Write($"state/runs/{Killed}/config", "");
        Directory.CreateDirectory(_folder[$"state/runs/{KilledBeforeItsLock}"]);
        _folder.Write("state/runs/file", "not a run's");
        _folder.Write("state/runs/experiment/lock", "not a run's, nor is its folder");
        _folder.Write("state/runs/experiments2/data", "named like a run's, and not one: it holds something and no lock");
        _folder.Write("elsewhere/file", "not a run's");

        Assert.Empty(AbandonedRuns.Sweep(Runs));

        Assert.Equal(["experiment", "experiments2", "live"], Directory.EnumerateDirectories(Runs).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(4, Directory.EnumerateFiles(live.FolderPath).Count());
        Assert.True(File.Exists(_folder["state/runs/file"]) && File.Exists(_folder["elsewhere/file"]));
    }

    [Fact]
    public void A_sweep_does_not_follow_links()
    {
        _folder.Write("elsewhere/file", "not a run's");
        Directory.CreateDirectory(Runs);
        Directory.CreateSymbolicLink(_folder["state/runs/link"], _folder["elsewhere"]);

        AbandonedRuns.Sweep(Runs);

        Assert.Equal(["elsewhere/file"], _folder.Names.Where(name => name.StartsWith("elsewhere/", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_sweep_of_nothing_makes_nothing()
    {
        Assert.Empty(AbandonedRuns.Sweep(Runs));

        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void What_a_sweep_cannot_take_is_named_and_the_rest_goes()
    {
        _folder.Write($"state/runs/{Killed}/lock", "");
        Directory.CreateDirectory(_folder[$"state/runs/{Odd}/lock"]);

        (string folder, string why) = Assert.Single(AbandonedRuns.Sweep(Runs));

        Assert.Equal(_folder[$"state/runs/{Odd}"], folder);
        Assert.NotEmpty(why);
        Assert.Equal([Odd], Directory.EnumerateDirectories(Runs).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("a space, where a command ends", "my runs")]
    [InlineData("a quote", "my\"runs")]
    [InlineData("a comment", "my#runs")]
    [InlineData("a backslash", "my\\runs")]
    [InlineData("a variable", "my$runs")]
    [InlineData("a semicolon", "my;runs")]
    [InlineData("a newline", "my\nruns")]
    [InlineData("a letter beyond ASCII", "mÿruns")]
    public void A_folder_whose_name_a_config_cannot_hold_is_refused(string why, string name)
    {
        Assert.False(RunFolder.TryCreate(_folder[name], "one", Grants, out RunFolder? run, out Failure? failure), why);

        Assert.Equal((null, FailureKind.Host, "FolderName"), (run, failure!.Kind, failure.Code));
        Assert.Contains("CRED_BROKER_HOME", failure.Hint, StringComparison.Ordinal);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_a_failure_and_leaves_nothing()
    {
        _folder.Write("state", "a file where the folder should be");

        Assert.False(RunFolder.TryCreate(Runs, "one", Grants, out RunFolder? run, out Failure? failure));

        Assert.Equal((null, FailureKind.Host, "FolderNotMade"), (run, failure!.Kind, failure.Code));
        Assert.Equal(["state"], _folder.Names);
    }

    [Fact]
    public void COMMAND_gets_the_way_to_the_broker_and_nothing_of_the_hosts_identity()
    {
        using RunFolder run = Create("one");
        Sessions.SessionToken token = new();
        Dictionary<string, string?> environment = CommandEnvironment.Removed.ToDictionary(name => name, _ => (string?)Sentinel.HostSecret);
        environment["AWS_CONFIG_FILE"] = environment["AWS_SHARED_CREDENTIALS_FILE"] = environment["AWS_REGION"] = environment["AWS_PAGER"] = environment["AWS_CRED_URL"] = "the host's own";
        environment["PATH"] = "/usr/bin";
        environment["AWS_MAX_ATTEMPTS"] = "5";

        CommandEnvironment.Apply(environment, run, new Uri("http://127.0.0.1:4711"), token, Grants);

        Assert.Equal(
            new SortedDictionary<string, string?>
            {
                ["AWS_CONFIG_FILE"] = run.ConfigFile,
                ["AWS_SHARED_CREDENTIALS_FILE"] = run.CredentialsFile,
                ["AWS_CRED_URL"] = "http://127.0.0.1:4711/v1/credentials",
                ["AWS_CRED_TOKEN"] = token.Text,
                ["AWS_REGION"] = "eu-central-1",
                ["AWS_DEFAULT_REGION"] = "eu-central-1",
                ["AWS_PAGER"] = "",
                ["AWS_SDK_LOAD_CONFIG"] = "1",
                ["AWS_EC2_METADATA_DISABLED"] = "true",
                ["PATH"] = "/usr/bin",
                ["AWS_MAX_ATTEMPTS"] = "5",
            },
            new SortedDictionary<string, string?>(environment));
    }

    [Theory]
    [InlineData("AWS_ACCESS_KEY_ID")]
    [InlineData("AWS_SECRET_ACCESS_KEY")]
    [InlineData("AWS_SESSION_TOKEN")]
    [InlineData("AWS_SECURITY_TOKEN")]
    [InlineData("AWS_PROFILE")]
    [InlineData("AWS_DEFAULT_PROFILE")]
    [InlineData("AWS_ROLE_ARN")]
    [InlineData("AWS_WEB_IDENTITY_TOKEN_FILE")]
    [InlineData("AWS_CONTAINER_CREDENTIALS_FULL_URI")]
    [InlineData("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")]
    [InlineData("AWS_CONTAINER_AUTHORIZATION_TOKEN")]
    [InlineData("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")]
    [InlineData("AWS_BEARER_TOKEN_BEDROCK")]
    [InlineData("AWS_CRED_TOKEN_FILE")]
    public void What_would_win_over_the_helper_is_removed(string variable) => Assert.Contains(variable, CommandEnvironment.Removed);

    private RunFolder Create(string sessionId)
    {
        Assert.True(RunFolder.TryCreate(Runs, sessionId, Grants, out RunFolder? run, out Failure? failure), failure?.Message);
        return run!;
    }
}
