using System;
using System.IO;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>What stops a run before its command starts: the reason, and the command that mends it.</summary>
public class RunRefusalTests
{
    [Fact]
    public async Task Grant_is_missing()
    {
        await using HostUnderTest host = await HostUnderTest.StartAsync();

        await AssertStoppedAsync(host, 125, "cred-broker: error: there is no grant 'default' (there is none yet)\ncred-broker: hint: Make it: cred-broker grant aws --role ROLE-ARN\n");
        Assert.Empty(host.Sts.Calls);
    }

    [Fact]
    public async Task Role_cannot_be_assumed()
    {
        await using HostUnderTest host = await HostUnderTest.StartAsync();
        string role = HostUnderTest.Role + "-of-nobody";
        Assert.Equal(0, (await host.BrokerAsync("grant", "aws", "--role", role, "--no-verify")).ExitCode);

        string error = await AssertStoppedAsync(host, 125, null);

        Assert.Contains($"cred-broker: error: AWS does not let this host's identity assume {role}\n", error, StringComparison.Ordinal);
        Assert.Contains($"COMMAND was not started. To change the grant: cred-broker grant aws --role {role}\n", error, StringComparison.Ordinal);
        Assert.Contains("AccessDenied: User: arn:aws:iam::123456789012:user/host is not authorized to perform: sts:AssumeRole", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task STS_drops_connections()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        host.Sts.Faults.DropConnections();

        string error = await AssertStoppedAsync(host, 125, null);

        Assert.Contains("cred-broker: error: AWS STS in us-east-1 cannot be reached from the broker's host\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("is not there", "nosuch-command", 127, "cannot run nosuch-command: there is no such command\ncred-broker: hint: Check its spelling and PATH.")]
    [InlineData("is no program", "/etc/passwd", 126, "cannot run /etc/passwd: it is not a program that this user may run\ncred-broker: hint: Check its mode (chmod +x).")]
    [InlineData("is a folder", "/etc", 126, "cannot run /etc: it is not a program that this user may run\ncred-broker: hint: Check its mode (chmod +x).")]
    public async Task Command_cannot_run(string what, string command, int exitCode, string error)
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();

        ProcessResult result = await host.RunAsync(command);

        Assert.Equal((what, (exitCode, "", $"cred-broker: error: {error}\n")), (what, result.All));
        Assert.Empty(host.RunFolders);
    }

    [Theory]
    [InlineData("no dashes before it", "COMMAND does not stand after '--'\ncred-broker: hint: Write: cred-broker run --grant aws[=NAME]... -- COMMAND...", "run", "--grant", "aws", "true")]
    [InlineData("no command", "Required argument 'COMMAND' missing for command: 'run'.\ncred-broker: hint: See cred-broker run --help.", "run", "--grant", "aws")]
    [InlineData("another provider", "--grant 'gcp' is not one of: aws, or aws=NAME\ncred-broker: hint: See cred-broker grant list.", "run", "--grant", "gcp", "--", "true")]
    public async Task Arguments_are_wrong(string what, string error, params string[] arguments)
    {
        await using HostUnderTest host = await HostUnderTest.StartAsync();

        Assert.Equal((what, (2, "", $"cred-broker: error: {error}\n")), (what, (await host.BrokerAsync(arguments)).All));
    }

    /// <summary>The command would make a file; it has not. No folder stays, and no word of the host's secret is on either stream.</summary>
    private static async Task<string> AssertStoppedAsync(HostUnderTest host, int exitCode, string? error)
    {
        string started = Path.Combine(host.Folder, "started");

        ProcessResult result = await host.RunAsync("/usr/bin/touch", started);

        Assert.Equal((exitCode, "", error ?? result.Error), result.All);
        Assert.False(File.Exists(started));
        Assert.Empty(host.RunFolders);
        Assert.DoesNotContain(HostUnderTest.SecretKey[..12], result.Error, StringComparison.Ordinal);
        return result.Error;
    }
}
