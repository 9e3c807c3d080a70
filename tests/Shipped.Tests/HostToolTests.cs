using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>The host tool's other commands, as published.</summary>
public class HostToolTests
{
    [Fact]
    public async Task Grant_reports_all_problems_at_once_and_stores_nothing()
    {
        await using HostUnderTest host = await HostUnderTest.StartAsync();

        ProcessResult result = await host.BrokerAsync("grant", "aws", "--role", "arn:aws:s3:::bucket-of-somebody", "--session-duration", "1hr", "--external-id", "x", "--name", "a b", "--region", "mars", "--aws-profile", "nobody");

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        string[] options = [.. result.Error.Split('\n').Where(line => line.StartsWith("cred-broker: error: --", StringComparison.Ordinal)).Select(line => line.Split(' ')[2].TrimEnd(':')).Order(StringComparer.Ordinal)];
        Assert.Equal(["--aws-profile", "--external-id", "--name", "--region", "--role", "--session-duration"], options);
        Assert.Equal("[]\n", (await host.BrokerAsync("grant", "list", "--json")).Output);
        Assert.Empty(host.Sts.Calls);
    }

    [Fact]
    public async Task Grant_tries_the_role_once_and_stores_nothing_when_it_is_refused()
    {
        await using HostUnderTest host = await HostUnderTest.StartAsync();

        ProcessResult result = await host.BrokerAsync("grant", "aws", "--role", HostUnderTest.Role + "-of-nobody");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Equal("AccessDenied", Assert.Single(host.Sts.Calls).Outcome);
        Assert.Equal("[]\n", (await host.BrokerAsync("grant", "list", "--json")).Output);
    }

    /// <summary>Against a command in a sandbox that shares /tmp: by the runtime's diagnostics it could load its own code into the broker.</summary>
    [Theory]
    [InlineData("as it is", null, "")]
    [InlineData("as somebody debugs it, which shows that this test would see it", "1", "clr-debug-pipe\nclr-debug-pipe\ndotnet-diagnostic\n")]
    public async Task The_command_finds_no_door_into_the_broker(string why, string? diagnostics, string doors)
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        Dictionary<string, string> environment = host.Environment;
        environment["TMPDIR"] = host.Folder;
        if (diagnostics is not null) environment["DOTNET_EnableDiagnostics"] = diagnostics;

        // Their names have the process's number and the time of its start: killed ones of the same number leave theirs in /tmp.
        const string ListDoors = "ls /tmp \"$TMPDIR\" | grep -- \"-$PPID-$(cut -d' ' -f22 /proc/$PPID/stat)-\" | sed 's/-[0-9].*//'";
        ProcessResult result = await ProcessRun.RunAsync([ShippedFiles.Broker, "run", "--grant", "aws", "--", "/bin/sh", "-c", ListDoors], environment);

        Assert.Equal((why, (0, doors, "")), (why, result.All));
    }

    [Theory]
    [InlineData("stderr closed", "2>&-", 125)]
    [InlineData("all closed", "<&- >&- 2>&-", 125)]
    [InlineData("stderr full", "2>/dev/full", 125)]
    public async Task Fails_as_documented_with(string what, string redirections, int exitCode)
    {
        await using HostUnderTest host = await HostUnderTest.StartAsync();

        ProcessResult result = await ProcessRun.RunAsync(["/bin/sh", "-c", $"exec \"$@\" {redirections}", "sh", ShippedFiles.Broker, "run", "--grant", "aws", "--", "/bin/true"], host.Environment);

        Assert.Equal((what, (exitCode, "", "")), (what, result.All));
    }

    [Fact]
    public async Task Config_that_is_not_one_is_the_users_to_mend()
    {
        await using HostUnderTest host = await HostUnderTest.StartAsync();
        Directory.CreateDirectory(Path.Combine(host.Folder, ".aws"));
        await File.WriteAllTextAsync(Path.Combine(host.Folder, ".aws", "config"), "[default\nregion us-east-1\n");

        ProcessResult result = await host.BrokerAsync("grant", "aws", "--role", HostUnderTest.Role);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("cred-broker: error: the host's AWS config or credentials file cannot be read: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grants_are_listed_shown_and_revoked()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        await host.BrokerAsync("grant", "aws", "--role", HostUnderTest.Role, "--name", "short", "--session-duration", "15m", "--no-verify");

        Assert.Equal($"NAME     ROLE                                   REGION     DURATION  PROFILE  NARROWED BY\ndefault  {HostUnderTest.Role}  us-east-1  1h        -        -\nshort    {HostUnderTest.Role}  us-east-1  15m       -        -\n", (await host.BrokerAsync("grant", "list")).Output);
        JsonElement shown = JsonDocument.Parse((await host.BrokerAsync("grant", "show", "short", "--json")).OutputBytes).RootElement;
        Assert.Equal((HostUnderTest.Role, 900), (shown.GetProperty("roleArn").GetString(), shown.GetProperty("durationSeconds").GetInt32()));
        Assert.Equal(0, (await host.BrokerAsync("grant", "revoke", "short")).ExitCode);
        Assert.Equal((1, "", "cred-broker: error: there is no grant 'short' (there are default)\ncred-broker: hint: Make it: cred-broker grant aws --name short --role ROLE-ARN\n"), (await host.BrokerAsync("grant", "show", "short")).All);
    }

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    public async Task Helper_comes_out_as_it_was_published(string rid)
    {
        await using HostUnderTest host = await HostUnderTest.StartAsync();
        string path = Path.Combine(host.Folder, "aws-cred");
        string hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(ShippedFiles.Helper(rid))));

        ProcessResult result = await host.BrokerAsync("helper", "extract", "--rid", rid, "-o", path);

        Assert.Equal((0, $"{hash}  {path}\n", ""), result.All);
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path))));
        Assert.Equal("rwxr-xr-x", Mode(path));
        Assert.Contains($"{hash}\n", (await host.BrokerAsync("helper", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Helper_that_cannot_be_written_leaves_nothing()
    {
        await using HostUnderTest host = await HostUnderTest.StartAsync();

        ProcessResult result = await host.BrokerAsync("helper", "extract", "-o", Path.Combine(host.Folder, "nosuch", "aws-cred"));

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("cred-broker: error: cannot write the helper to ", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(host.Folder));
    }

    [Fact]
    public async Task Serve_gives_a_helper_credentials_until_it_is_stopped()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        string tokenFile = Path.Combine(host.Folder, "token");
        using ProcessRun serve = ProcessRun.Start([ShippedFiles.Broker, "serve", "--grant", "aws", "--token-file", tokenFile], host.Environment);
        KeyValuePair<string, string>[] settings = [Variable(await serve.LineAsync()), Variable(await serve.LineAsync())];
        Assert.Equal(["AWS_CRED_URL", "AWS_CRED_TOKEN_FILE"], settings.Select(setting => setting.Key));
        Assert.Equal("rw-------", Mode(tokenFile));

        ProcessResult helper = await ProcessRun.RunAsync([ShippedFiles.Helper("linux-x64")], settings);
        ProcessResult arm = await ProcessRun.RunAsync(ShippedFiles.HelperCommand("linux-arm64"), settings);
        ProcessResult wrong = await ProcessRun.RunAsync([ShippedFiles.Helper("linux-x64")], [settings[0], new("AWS_CRED_TOKEN", "wrong")]);

        Assert.Equal((0, ""), (helper.ExitCode, helper.Error));
        Assert.Equal(helper.All, arm.All);
        Assert.Equal((1, "", "aws-cred: error: the broker does not accept the token (401 Unauthorized): the token is missing, wrong, or of a session that has ended\naws-cred: hint: Each run and each session has its own: start the command again with cred-broker run, or make a session with cred-broker session create.\n"), wrong.All);
        await serve.SendAsync("TERM");
        Assert.Equal(0, (await serve.EndAsync()).ExitCode);
        Assert.False(File.Exists(tokenFile));
    }

    [Theory]
    [InlineData("http://0.0.0.0:8181")]
    [InlineData("http://192.168.1.1:8181")]
    [InlineData("http://172.17.0.1:8181")]
    public async Task Serve_listens_in_the_clear_on_loopback_alone(string address)
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();

        ProcessResult result = await host.BrokerAsync("serve", "--grant", "aws", "--token-file", Path.Combine(host.Folder, "token"), "--listen", address);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"cred-broker: error: --listen '{address}' is not a loopback address: tokens and credentials would cross a network in the clear", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_tool_is_not_built_without_both_helpers()
    {
        await using HostUnderTest host = await HostUnderTest.StartAsync();
        Directory.CreateDirectory(Path.Combine(host.Folder, "linux-x64"));
        File.Copy(ShippedFiles.Helper("linux-x64"), Path.Combine(host.Folder, "linux-x64", "aws-cred"));

        ProcessResult result = await ProcessRun.RunAsync(
            ["/usr/bin/env", "dotnet", "msbuild", Path.Combine(ShippedFiles.Root, "src", "CredBroker"), "-t:EmbedHelpers", $"-p:HelpersFolder={host.Folder}", "-nodeReuse:false"],
            [new("PATH", Environment.GetEnvironmentVariable("PATH")!), new("HOME", Environment.GetEnvironmentVariable("HOME")!), new("DOTNET_NOLOGO", "1")]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"cred-broker carries the helper for linux-x64 and for linux-arm64, and there is no {host.Folder}/linux-arm64/aws-cred. Run build/cake helpers.", result.Output, StringComparison.Ordinal);
    }

    private static KeyValuePair<string, string> Variable(string line) => new(line.Split('=', 2)[0], line.Split('=', 2)[1]);

    private static string Mode(string path)
    {
        UnixFileMode mode = File.GetUnixFileMode(path);
        return string.Concat("rwxrwxrwx".Select((letter, bit) => ((int)mode >> (8 - bit) & 1) != 0 ? letter : '-'));
    }
}
