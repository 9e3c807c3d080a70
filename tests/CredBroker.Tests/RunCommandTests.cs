using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using CredBroker.Credentials;

namespace CredBroker.Tests;

/// <summary><c>run</c> in this process, with a real COMMAND.</summary>
[Collection(HostEnvironmentTests.Name)]
public sealed class RunCommandTests : IDisposable
{
    private readonly HostEnvironment _environment = new();
    private readonly CommandUnderTest _test = new();

    public RunCommandTests() => _test.Sts.Answer = (_, _) => new AssumeRoleResult(Some.Credentials(DateTimeOffset.MaxValue));

    public void Dispose()
    {
        _test.Dispose();
        _environment.Dispose();
    }

    [Fact]
    public async Task COMMAND_gets_its_arguments_and_its_environment_and_its_exit_code_comes_back()
    {
        _environment["AWS_SECRET_ACCESS_KEY"] = Sentinel.HostSecret;
        await GrantAsync();

        CommandEnd end = await _test.RunAsync(
            "run", "--grant", "aws", "--", "sh", "-c", "env > \"$1\"; cat \"$AWS_CONFIG_FILE\" > \"$2\"; exit 7", "sh", _test.Folder["env"], _test.Folder["config"]);

        Assert.Equal(new CommandEnd(7, "", ""), end);
        string[] environment = await File.ReadAllLinesAsync(_test.Folder["env"]);
        string session = (await _test.Sts.NextAsync()).Request.SessionName["cred-broker-".Length..];
        string folder = _test.Folder[$"runs/{session}"];
        Assert.Contains($"AWS_CONFIG_FILE={folder}/config", environment);
        Assert.Contains("AWS_REGION=us-east-1", environment);
        Assert.Matches(@"\AAWS_CRED_URL=http://127\.0\.0\.1:[0-9]+/v1/credentials\z", environment.Single(line => line.StartsWith("AWS_CRED_URL=", StringComparison.Ordinal)));
        Assert.Contains($"credential_process = {folder}/aws-cred", await File.ReadAllLinesAsync(_test.Folder["config"]));
        Sentinel.AssertNotIn(string.Join('\n', environment));
        Assert.Equal(["audit.jsonl", "config", "env", "grants.json", "grants.json.lock", "runs", "runs/.lock"], _test.Folder.Names);
        Assert.Equal(1, _test.Sts.Calls);
    }

    [Theory]
    [InlineData("with the preset", true, "[1]\n")]
    [InlineData("without", false, "[]\n")]
    public async Task COMMAND_is_told_what_the_grants_preset_is_for(string why, bool isBedrock, string told)
    {
        string[] preset = isBedrock ? ["--preset", "bedrock"] : [];
        Assert.Equal(0, (await _test.RunAsync(["grant", "aws", "--role", Some.Role, "--no-verify", .. preset])).ExitCode);

        CommandEnd end = await _test.RunAsync("run", "--grant", "aws", "--", "sh", "-c", "echo \"[$CLAUDE_CODE_USE_BEDROCK]\" > \"$0\"", _test.Folder["told"]);

        Assert.Equal((why, new CommandEnd(0, "", "")), (why, end));
        Assert.Equal(told, await File.ReadAllTextAsync(_test.Folder["told"]));
        Assert.Equal(isBedrock, (await _test.Sts.NextAsync()).Request.Policy?.Contains("bedrock:InvokeModel", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public async Task Options_of_COMMAND_and_words_that_begin_with_at_are_its_own()
    {
        await GrantAsync();

        CommandEnd end = await _test.RunAsync("run", "--grant", "aws", "--", "sh", "-c", "printf '%s\\n' \"$@\" > \"$0\"", _test.Folder["words"], "--grant", "@file", "--help", "--", "");

        Assert.Equal(new CommandEnd(0, "", ""), end);
        Assert.Equal(["--grant", "@file", "--help", "--", ""], await File.ReadAllLinesAsync(_test.Folder["words"]));
    }

    [Fact]
    public async Task A_signal_that_ends_COMMAND_is_its_exit_code()
    {
        await GrantAsync();

        Assert.Equal(new CommandEnd(128 + 9, "", ""), await _test.RunAsync("run", "--grant", "aws", "--", "sh", "-c", "kill -9 $$"));
    }

    [Fact]
    public async Task Without_the_grant_nothing_starts()
    {
        CommandEnd end = await _test.RunAsync("run", "--grant", "aws=ci", "--", "touch", _test.Folder["started"]);

        Assert.Equal(
            new CommandEnd(
                125,
                "",
                """
                cred-broker: error: there is no grant 'ci' (there is none yet)
                cred-broker: hint: Make it: cred-broker grant aws --name ci --role ROLE-ARN

                """),
            end);
        Assert.Empty(_test.Folder.Names);
    }

    [Fact]
    public async Task A_role_that_cannot_be_assumed_stops_before_COMMAND_and_says_what_mends_it()
    {
        await GrantAsync();
        _test.Sts.Answer = (_, _) => new AssumeRoleResult(Some.Refusal);

        CommandEnd end = await _test.RunAsync("run", "--grant", "aws", "--", "touch", _test.Folder["started"]);

        Assert.Equal(
            new CommandEnd(
                125,
                "",
                """
                cred-broker: error: AWS says no
                cred-broker: hint: Ask for it COMMAND was not started. To change the grant: cred-broker grant aws --role arn:aws:iam::123456789012:role/reader

                """),
            end);
        Assert.Equal(["audit.jsonl", "grants.json", "grants.json.lock"], _test.Folder.Names);
    }

    [Fact]
    public async Task Of_several_grants_each_that_is_missing_is_said()
    {
        await GrantAsync();

        CommandEnd end = await _test.RunAsync("run", "--grant", "aws", "--grant", "aws=reader", "--grant", "aws=writer", "--", "touch", _test.Folder["started"]);

        Assert.Equal(
            new CommandEnd(
                125,
                "",
                """
                cred-broker: error: there is no grant 'reader' (there are default)
                cred-broker: hint: Make it: cred-broker grant aws --name reader --role ROLE-ARN
                cred-broker: error: there is no grant 'writer' (there are default)
                cred-broker: hint: Make it: cred-broker grant aws --name writer --role ROLE-ARN

                """),
            end);
        Assert.Equal(0, _test.Sts.Calls);
    }

    [Fact]
    public async Task Of_several_grants_each_that_AWS_refuses_is_said()
    {
        foreach (string name in (string[])["reader", "writer", "admin"]) Assert.Equal(0, (await _test.RunAsync("grant", "aws", "--name", name, "--role", $"arn:aws:iam::123456789012:role/{name}", "--no-verify")).ExitCode);
        _test.Sts.Answer = (_, request) => request.RoleArn.EndsWith("reader", StringComparison.Ordinal) ? new(Some.Credentials(DateTimeOffset.MaxValue)) : new(Some.Refusal);

        CommandEnd end = await _test.RunAsync("run", "--grant", "aws=reader", "--grant", "aws=writer", "--grant", "aws=admin", "--", "touch", _test.Folder["started"]);

        Assert.Equal(
            new CommandEnd(
                125,
                "",
                """
                cred-broker: error: grant 'writer': AWS says no
                cred-broker: hint: Ask for it COMMAND was not started. To change the grant: cred-broker grant aws --name writer --role arn:aws:iam::123456789012:role/writer
                cred-broker: error: grant 'admin': AWS says no
                cred-broker: hint: Ask for it COMMAND was not started. To change the grant: cred-broker grant aws --name admin --role arn:aws:iam::123456789012:role/admin

                """),
            end);
        Assert.False(File.Exists(_test.Folder["started"]));
    }

    [Fact]
    public async Task Several_grants_are_all_had_before_COMMAND_starts()
    {
        foreach (string name in (string[])["reader", "writer"]) Assert.Equal(0, (await _test.RunAsync("grant", "aws", "--name", name, "--role", $"arn:aws:iam::123456789012:role/{name}", "--no-verify")).ExitCode);

        CommandEnd end = await _test.RunAsync("run", "--grant", "aws=writer", "--grant", "aws=reader", "--", "sh", "-c", "grep '^\\[' \"$AWS_CONFIG_FILE\" > \"$0\"", _test.Folder["profiles"]);

        Assert.Equal(new CommandEnd(0, "", ""), end);
        Assert.Equal(["[default]", "[profile writer]", "[profile reader]"], await File.ReadAllLinesAsync(_test.Folder["profiles"]));
        Assert.Equal(2, _test.Sts.Calls);
    }

    [Fact]
    public async Task A_COMMAND_that_is_not_there_asks_AWS_nothing()
    {
        await GrantAsync();
        _test.Folder.Write("plain", "");

        CommandEnd missing = await _test.RunAsync("run", "--grant", "aws", "--", "no-such-command-anywhere");
        CommandEnd plain = await _test.RunAsync("run", "--grant", "aws", "--", _test.Folder["plain"]);

        Assert.Equal((127, "cred-broker: error: cannot run no-such-command-anywhere: there is no such command\ncred-broker: hint: Check its spelling and PATH.\n"), (missing.ExitCode, missing.Error));
        Assert.Equal((126, $"cred-broker: error: cannot run {_test.Folder["plain"]}: it is not a program that this user may run\ncred-broker: hint: Check its mode (chmod +x).\n"), (plain.ExitCode, plain.Error));
        Assert.Equal(0, _test.Sts.Calls);
    }

    [Fact]
    public async Task A_program_that_the_system_cannot_start_leaves_no_folder()
    {
        await GrantAsync();
        File.SetUnixFileMode(_test.Folder.Write("broken", "\u007fELF, but no more of it"), Files.UnixModes.Program);

        CommandEnd end = await _test.RunAsync("run", "--grant", "aws", "--", _test.Folder["broken"]);

        Assert.Equal((126, ""), (end.ExitCode, end.Output));
        Assert.StartsWith($"cred-broker: error: cannot start {_test.Folder["broken"]}: ", end.Error, StringComparison.Ordinal);
        Assert.Equal(["audit.jsonl", "broken", "grants.json", "grants.json.lock", "runs", "runs/.lock"], _test.Folder.Names);
    }

    private async Task GrantAsync() => Assert.Equal(0, (await _test.RunAsync("grant", "aws", "--role", Some.Role, "--no-verify")).ExitCode);
}
