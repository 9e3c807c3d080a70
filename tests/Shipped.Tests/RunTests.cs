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
            cd "$(dirname "$AWS_CONFIG_FILE")" && stat -c '%a %n' . * | sort -k 2 && cat config && grep -rlF "$AWS_CRED_TOKEN" .
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
