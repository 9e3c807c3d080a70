using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Credentials;

namespace CredBroker.Tests;

/// <summary>The commands write their lines, and do nothing without.</summary>
[Collection(HostEnvironmentTests.Name)]
public sealed class AuditWiringTests : IDisposable
{
    private readonly HostEnvironment _environment = new();
    private readonly CommandUnderTest _test = new();

    public AuditWiringTests() => _test.Sts.Answer = (_, _) => new AssumeRoleResult(Some.Credentials(DateTimeOffset.MaxValue));

    public void Dispose()
    {
        _test.Dispose();
        _environment.Dispose();
    }

    [Fact]
    public async Task Grants_and_what_a_run_gives_are_in_one_chain_without_a_secret()
    {
        await GrantAsync();
        await RunAsync();
        await _test.RunAsync("grant", "revoke", "default");

        CommandEnd shown = await _test.RunAsync("audit", "show", "--json");
        Assert.Equal((0, ""), (shown.ExitCode, shown.Error));
        string[] kinds = [.. shown.Output.Split('\n')[..^1].Select(line => AuditRecord.Parse(System.Text.Encoding.ASCII.GetBytes(line))!["kind"]!)];
        Assert.Equal(["grant-stored", "credentials-issued", "grant-revoked"], kinds.Where(kind => !kind.StartsWith("session-", StringComparison.Ordinal)));
        Assert.Contains("\"accessKeyId\":\"ASIAEXAMPLE0001\"", shown.Output, StringComparison.Ordinal);
        Sentinel.AssertNotIn(shown.Output);
        Assert.StartsWith("good: ", (await _test.RunAsync("audit", "verify")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_may_have_a_file_of_its_own()
    {
        await GrantAsync();
        await RunAsync("--audit-file", _test.Folder["own/ci.jsonl"]);

        Assert.Contains("credentials-issued", File.ReadAllText(_test.Folder["own/ci.jsonl"]), StringComparison.Ordinal);
        Assert.DoesNotContain("credentials-issued", File.ReadAllText(_test.Folder["audit.jsonl"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_audit_nothing_is_granted_revoked_or_started_and_nobody_is_asked()
    {
        await GrantAsync();
        File.Delete(_test.Folder["audit.jsonl"]);
        Directory.CreateDirectory(_test.Folder["audit.jsonl"]);
        string grants = await File.ReadAllTextAsync(_test.GrantsFile);

        AssertRefused(1, await _test.RunAsync("grant", "aws", "--role", Some.Role, "--name", "other", "--no-verify"));
        AssertRefused(1, await _test.RunAsync("grant", "revoke", "default"));
        AssertRefused(125, await _test.RunAsync("run", "--grant", "aws", "--", "touch", _test.Folder["started"]));
        AssertRefused(1, await _test.RunAsync("serve", "--grant", "aws", "--token-file", _test.Folder["token"]));

        Assert.Equal(grants, await File.ReadAllTextAsync(_test.GrantsFile));
        Assert.False(File.Exists(_test.Folder["started"]) || File.Exists(_test.Folder["token"]));
        Assert.Equal(0, _test.Sts.Calls);
    }

    [Fact]
    public async Task With_audit_optional_a_run_goes_on_without()
    {
        await GrantAsync();
        File.Delete(_test.Folder["audit.jsonl"]);
        Directory.CreateDirectory(_test.Folder["audit.jsonl"]);

        await RunAsync("--audit-optional");
    }

    private static void AssertRefused(int exitCode, CommandEnd end)
    {
        Assert.Equal((exitCode, ""), (end.ExitCode, end.Output));
        Assert.StartsWith("cred-broker: error: the audit cannot be written, and without it nothing is granted or given: ", end.Error, StringComparison.Ordinal);
        Assert.Contains("\ncred-broker: hint: Make its folder writable for this user alone.", end.Error, StringComparison.Ordinal);
    }

    /// <summary>A COMMAND that asks for credentials once, as the helper does.</summary>
    private async Task RunAsync(params string[] options)
    {
        string ask = "test \"$(curl -s -o /dev/null -w '%{http_code}' -H \"Authorization: Bearer $AWS_CRED_TOKEN\" \"$AWS_CRED_URL\")\" = 200";
        Assert.Equal(new CommandEnd(0, "", ""), await _test.RunAsync(["run", "--grant", "aws", .. options, "--", "sh", "-c", ask]));
    }

    private async Task GrantAsync() => Assert.Equal(0, (await _test.RunAsync("grant", "aws", "--role", Some.Role, "--no-verify")).ExitCode);
}
