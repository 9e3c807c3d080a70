using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using StsSimulator;

namespace Shipped.Tests;

/// <summary>The main job: a command gets credentials by the helper, and nothing of the host's identity.</summary>
public class RunTests
{
    [Fact]
    public async Task AWS_CLI_gets_the_role_with_the_session_in_its_name()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();

        ProcessResult result = await host.RunAsync("/usr/bin/aws", "--endpoint-url", host.Sts.Url.ToString(), "sts", "get-caller-identity", "--output", "json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        string arn = JsonDocument.Parse(result.OutputBytes).RootElement.GetProperty("Arn").GetString()!;
        string session = host.Sts.Calls.Last(call => call.Action == "AssumeRole").Parameters["RoleSessionName"];
        Assert.Equal("arn:aws:sts::123456789012:assumed-role/reader/" + session, arn);
        Assert.Matches("^cred-broker-[a-z2-9]{12}$", session);
        Assert.Empty(host.RunFolders);
    }

    [Fact]
    public async Task AWS_CLI_in_a_sandbox_needs_the_helper_alone()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        string config = Path.Combine(host.Folder, "sandbox-config");
        await File.WriteAllTextAsync(config, "[default]\ncredential_process = /opt/helper/aws-cred\nregion = us-east-1\n");
        // Debian's own programs read-only, and nothing of the host's home, state or /tmp: the helper and a config are all that is added.
        const string Script = """
            exec bwrap --unshare-all --share-net --ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib /lib --symlink usr/lib64 /lib64 --proc /proc --dev /dev \
                --ro-bind "$(dirname "$AWS_CONFIG_FILE")/aws-cred" /opt/helper/aws-cred --ro-bind "$1" /root/.aws/config \
                --unsetenv AWS_CONFIG_FILE --unsetenv AWS_SHARED_CREDENTIALS_FILE --setenv HOME /root \
                -- /usr/bin/aws --endpoint-url "$2" sts get-caller-identity --query Arn --output text
            """;

        ProcessResult result = await host.RunAsync("/bin/sh", "-c", Script, "sh", config, host.Sts.Url.ToString());

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("arn:aws:sts::123456789012:assumed-role/reader/cred-broker-", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_has_nothing_of_the_hosts_identity()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        string[] hostOnly = ["AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_BEARER_TOKEN_BEDROCK", "AWS_CRED_TOKEN_FILE"];
        string set = string.Join(' ', hostOnly.Skip(1).Select(name => $"{name}=/HOSTSENTINEL"));

        ProcessResult result = await ProcessRun.RunAsync(["/bin/sh", "-c", $"exec env {set.Replace("AWS_PROFILE=/HOSTSENTINEL ", "", StringComparison.Ordinal)} \"$@\"", "sh", ShippedFiles.Broker, "run", "--grant", "aws", "--", "/usr/bin/env"], host.Environment);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.DoesNotContain("HOSTSENTINEL", result.Output, StringComparison.Ordinal);
        string[] names = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=')[0]).Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.Equal(
            ["AWS_CONFIG_FILE", "AWS_CRED_TOKEN", "AWS_CRED_URL", "AWS_DEFAULT_REGION", "AWS_EC2_METADATA_DISABLED", "AWS_ENDPOINT_URL_STS", "AWS_PAGER", "AWS_REGION", "AWS_SDK_LOAD_CONFIG", "AWS_SHARED_CREDENTIALS_FILE"],
            names);
    }

    [Fact]
    public async Task Folder_is_private_and_holds_no_secret()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        const string Script = """
            cd "$(dirname "$AWS_CONFIG_FILE")" && stat -c '%a %n' . * | sort -k 2 && cat config && grep -rlF -e "$AWS_CRED_TOKEN" .
            """;

        ProcessResult result = await host.RunAsync("/bin/sh", "-c", Script);

        string folder = Path.Combine(host.Runs, host.Sts.Calls[^1].Parameters["RoleSessionName"]["cred-broker-".Length..]);
        string expected = $"""
            700 .
            755 aws-cred
            600 config
            600 credentials
            600 lock
            # Written by cred-broker run, and removed when the run ends.
            [default]
            credential_process = {folder}/aws-cred
            region = us-east-1

            """;
        Assert.Equal((1, expected, ""), result.All); // 1: grep found no token
    }

    [Theory]
    [InlineData("success", 0, "exit 0")]
    [InlineData("failure", 7, "exit 7")]
    [InlineData("a signal", 137, "kill -KILL $$")]
    public async Task Exit_code_is_the_commands(string what, int exitCode, string script)
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();

        ProcessResult result = await host.RunAsync("/bin/sh", "-c", script);

        Assert.Equal((what, (exitCode, "", "")), (what, result.All));
        Assert.Empty(host.RunFolders);
    }

    [Fact]
    public async Task Standard_input_is_the_commands()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        using ProcessRun run = host.StartRun("/bin/cat");
        await run.Input.WriteAsync("through\n"u8.ToArray());
        run.Input.Close();

        Assert.Equal((0, "through\n", ""), (await run.EndAsync()).All);
    }

    [Fact]
    public async Task Words_of_the_command_are_its_own()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();

        ProcessResult result = await host.RunAsync("/usr/bin/printf", "%s\\n", "--grant", "@file", "--help", "--", "a b", "");

        Assert.Equal((0, "--grant\n@file\n--help\n--\na b\n\n", ""), result.All);
    }

    [Fact]
    public async Task Pipes_break_in_the_command_as_they_do_without_run()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();

        Assert.Equal((0, "y\n", ""), (await host.RunAsync("/bin/sh", "-c", "yes | head -1")).All);
    }

    [Fact]
    public async Task Folders_that_runs_did_not_make_are_left_alone()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        string kept = Path.Combine(host.Runs, "my-experiment", "data");
        Assert.Equal(0, (await host.RunAsync("/bin/true")).ExitCode);
        Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
        await File.WriteAllTextAsync(kept, "precious");

        Assert.Equal((0, "", ""), (await host.RunAsync("/bin/true")).All);

        Assert.Equal("precious", await File.ReadAllTextAsync(kept));
    }

    [Fact]
    public async Task Client_that_stays_does_not_hold_the_run()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        // It has sent half a request, and goes on sending a line now and then, when COMMAND has ended: the run ends, and with it this.
        const string Script = """
            authority=${AWS_CRED_URL#http://}; authority=${authority%%/*}
            exec 3<>"/dev/tcp/${authority%:*}/${authority##*:}"; printf 'GET /v1/credentials HTTP/1.1\r\n' >&3
            (while printf 'X-A: b\r\n' >&3; do sleep 0.2; done) >/dev/null 2>&1 </dev/null &
            """;

        Assert.Equal((0, "", ""), (await host.RunAsync("/bin/bash", "-c", Script)).All);
    }

    [Fact]
    public async Task Command_cannot_read_the_hosts_keys_from_the_run()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();

        // As root everything can be read. Of a process that others may not look into, the kernel gives the files to root.
        ProcessResult result = await ProcessRun.RunAsync(
            ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", ShippedFiles.Broker, "run", "--grant", "aws", "--", "/bin/sh", "-c", "cat /proc/$PPID/environ"],
            await ForAnyUserAsync(host));

        Assert.Equal((1, "", "cat: /proc/"), (result.ExitCode, result.Output, result.Error[..11]));
        Assert.EndsWith("/environ: Permission denied\n", result.Error, StringComparison.Ordinal);
    }

    /// <summary>A home of its own for a user who is nobody here, with the host's grants.</summary>
    private static async Task<System.Collections.Generic.Dictionary<string, string>> ForAnyUserAsync(HostUnderTest host)
    {
        var environment = host.Environment;
        string home = Path.Combine(host.Folder, "nobody");
        Directory.CreateDirectory(home);
        File.Copy(Path.Combine(environment["CRED_BROKER_HOME"], "grants.json"), Path.Combine(home, "grants.json"));
        File.SetUnixFileMode(host.Folder, (UnixFileMode)0b111_101_101);
        Assert.Equal(0, (await ProcessRun.RunAsync(["/bin/chown", "-R", "65534:65534", home], [])).ExitCode);
        environment["CRED_BROKER_HOME"] = home;
        environment["HOME"] = home;
        environment["DOTNET_BUNDLE_EXTRACT_BASE_DIR"] = home;
        return environment;
    }

    [Fact]
    public async Task A_hundred_calls_in_one_run_are_one_call_to_STS()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        int before = host.Sts.Calls.Count;
        const string Script = """
            helper=$(sed -n 's/^credential_process = //p' "$AWS_CONFIG_FILE"); i=0
            while [ $i -lt 100 ]; do "$helper" & i=$((i + 1)); done | sort | uniq -c | wc -l; wait
            """;

        ProcessResult result = await host.RunAsync("/bin/sh", "-c", Script);

        Assert.Equal((0, "1\n", ""), result.All);
        Assert.Equal("AssumeRole", Assert.Single(host.Sts.Calls.Skip(before)).Action);
    }
}
