using System;
using System.IO;
using System.Threading.Tasks;
using CredBroker.Credentials;

namespace CredBroker.Tests;

/// <summary>Where the code is asked for: before anything else begins.</summary>
[Collection(HostEnvironmentTests.Name)]
public sealed class MfaCommandTests : IDisposable
{
    private const string Serial = "GAHT12345";

    private readonly HostEnvironment _environment = new();
    private readonly CommandUnderTest _test = new();

    public MfaCommandTests() => _test.Sts.Answer = (_, _) => new AssumeRoleResult(Some.Credentials(DateTimeOffset.MaxValue));

    public void Dispose()
    {
        _test.Dispose();
        _environment.Dispose();
    }

    [Fact]
    public async Task Without_a_terminal_nothing_is_stored_started_or_served()
    {
        await GrantAsync("--no-verify");
        string grants = await File.ReadAllTextAsync(_test.GrantsFile);
        _test.LogIn = request => MfaFailure.NoTerminal(request.MfaSerial!);

        CommandEnd grant = await _test.RunAsync("grant", "aws", "--role", Some.Role, "--mfa-serial", "GAHT54321");
        CommandEnd run = await _test.RunAsync("run", "--grant", "aws", "--", "touch", _test.Folder["started"]);
        CommandEnd serve = await _test.RunAsync("serve", "--grant", "aws", "--token-file", _test.Folder["token"]);

        Assert.Equal((1, ""), (grant.ExitCode, grant.Output));
        Assert.StartsWith("cred-broker: error: the grant asks for a code of the MFA device GAHT54321, and there is no terminal to ask on\ncred-broker: hint: Start it in the foreground", grant.Error, StringComparison.Ordinal);
        Assert.Equal((125, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"cred-broker: error: the grant asks for a code of the MFA device {Serial}, and there is no terminal to ask on\ncred-broker: hint: Start it in the foreground", run.Error, StringComparison.Ordinal);
        Assert.Equal((1, ""), (serve.ExitCode, serve.Output));
        Assert.StartsWith($"cred-broker: error: the grant asks for a code of the MFA device {Serial}, and there is no terminal", serve.Error, StringComparison.Ordinal);
        Assert.Equal(grants, await File.ReadAllTextAsync(_test.GrantsFile));
        Assert.Equal(["audit.jsonl", "grants.json", "grants.json.lock"], _test.Folder.Names);
        Assert.Equal(0, _test.Sts.Calls);
    }

    [Theory]
    [InlineData("a grant", 1, "grant", "aws", "--role", Some.Role, "--mfa-serial", Serial)]
    [InlineData("a run", 1, "run", "--grant", "aws", "--", "true")]
    [InlineData("a grant that is not tried", 0, "grant", "aws", "--role", Some.Role, "--mfa-serial", Serial, "--no-verify")]
    public async Task A_code_is_asked_for_once_before_the_first_call(string why, int asked, params string[] arguments)
    {
        await GrantAsync("--no-verify");
        int logins = 0;
        _test.LogIn = request =>
        {
            Assert.Equal((0, Serial), (_test.Sts.Calls, request.MfaSerial));
            logins++;
            return null;
        };

        CommandEnd end = await _test.RunAsync(arguments);

        Assert.Equal((why, 0, asked, asked), (why, end.ExitCode, logins, _test.Sts.Calls));
    }

    private async Task GrantAsync(params string[] more) => Assert.Equal(0, (await _test.RunAsync(["grant", "aws", "--role", Some.Role, "--mfa-serial", Serial, .. more])).ExitCode);
}
