using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Tasks;

namespace StsSimulator.Tests;

/// <summary>The real AWS CLI signs, and reads the answers.</summary>
public class AwsCliTests
{
    [AwsCliFact]
    public async Task Gets_a_role_and_is_known_by_it()
    {
        await using SimulatedSts sts = await SimulatedSts.StartAsync(StsUnderTest.Configuration);

        (int exitCode, string output, string errors) = await RunAsync(sts, StsUnderTest.AccessKeyId, StsUnderTest.SecretAccessKey, null,
            "assume-role", "--role-arn", StsUnderTest.OpenRole, "--role-session-name", "from+cli@x=y,z", "--duration-seconds", "900",
            "--tags", "Key=team,Value=a b/c", "Key=Straße,Value=", "--transitive-tag-keys", "team", "--source-identity", "alice",
            "--policy-arns", "arn=arn:aws:iam::aws:policy/ReadOnlyAccess",
            "--policy", """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}""");

        Assert.Equal((0, ""), (exitCode, errors));
        using JsonDocument role = JsonDocument.Parse(output);
        JsonElement credentials = role.RootElement.GetProperty("Credentials");
        Assert.Equal("alice", role.RootElement.GetProperty("SourceIdentity").GetString());

        (exitCode, output, errors) = await RunAsync(
            sts,
            credentials.GetProperty("AccessKeyId").GetString()!,
            credentials.GetProperty("SecretAccessKey").GetString()!,
            credentials.GetProperty("SessionToken").GetString(),
            "get-caller-identity");

        Assert.Equal((0, ""), (exitCode, errors));
        using JsonDocument identity = JsonDocument.Parse(output);
        Assert.Equal("arn:aws:sts::123456789012:assumed-role/open/from+cli@x=y,z", identity.RootElement.GetProperty("Arn").GetString());
    }

    [AwsCliFact]
    public async Task Shows_a_refusal()
    {
        await using SimulatedSts sts = await SimulatedSts.StartAsync(StsUnderTest.Configuration);

        (int exitCode, string output, string errors) = await RunAsync(sts, StsUnderTest.AccessKeyId, StsUnderTest.SecretAccessKey, null,
            "assume-role", "--role-arn", StsUnderTest.BobsRole, "--role-session-name", "cli");

        Assert.Equal((254, ""), (exitCode, output));
        Assert.Equal(
            $"An error occurred (AccessDenied) when calling the AssumeRole operation: User: {StsUnderTest.UserArn} is not authorized to perform: sts:AssumeRole on resource: {StsUnderTest.BobsRole}",
            errors.Trim());
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        SimulatedSts sts, string accessKeyId, string secretAccessKey, string? sessionToken, params IEnumerable<string> arguments)
    {
        using Process process = ChildProcess.Start(
            AwsCliFactAttribute.Path,
            ["sts", .. arguments, "--endpoint-url", sts.Url.ToString(), "--region", "eu-central-1", "--output", "json"],
            ("AWS_ACCESS_KEY_ID", accessKeyId),
            ("AWS_SECRET_ACCESS_KEY", secretAccessKey),
            ("AWS_SESSION_TOKEN", sessionToken ?? ""),
            ("AWS_CONFIG_FILE", "/nonexistent"),
            ("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent"),
            ("AWS_PAGER", ""),
            ("LC_ALL", "C.UTF-8"),
            ("NO_PROXY", "127.0.0.1"));
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
