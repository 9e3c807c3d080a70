using System;
using System.IO;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>The host's identity from where people have it, in the published file: what the SDK loads by name must be in it.</summary>
public class HostIdentityTests
{
    [Fact]
    public async Task Profile_that_has_logged_in_by_SSO()
    {
        await using HostUnderTest host = await HostUnderTest.StartAsync();
        JsonElement issued = await TemporaryKeysAsync(host);
        string answer = JsonSerializer.Serialize(new
        {
            roleCredentials = new
            {
                accessKeyId = issued.GetProperty("AccessKeyId").GetString(),
                secretAccessKey = issued.GetProperty("SecretAccessKey").GetString(),
                sessionToken = issued.GetProperty("SessionToken").GetString(),
                expiration = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds(),
            },
        });
        await using ScriptedBroker portal = ScriptedBroker.Start(BrokerPlay.Ok(answer));
        WriteLogin(host.Folder);
        var environment = host.Environment;
        environment.Remove("AWS_ACCESS_KEY_ID");
        environment.Remove("AWS_SECRET_ACCESS_KEY");
        environment["AWS_ENDPOINT_URL_SSO"] = new Uri(portal.Url).GetLeftPart(UriPartial.Authority);

        ProcessResult result = await ProcessRun.RunAsync([ShippedFiles.Broker, "grant", "aws", "--role", HostUnderTest.Role, "--aws-profile", "work"], environment);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("GET /federation/credentials?account_id=123456789012&role_name=developer ", Assert.Single(portal.Requests), StringComparison.Ordinal);
        Assert.Contains("in eu-central-1,", result.Output, StringComparison.Ordinal); // the profile's region
    }

    [Fact]
    public async Task Profile_that_has_not_logged_in()
    {
        await using HostUnderTest host = await HostUnderTest.StartAsync();
        WriteLogin(host.Folder);
        Directory.Delete(Path.Combine(host.Folder, ".aws", "sso"), recursive: true);

        ProcessResult result = await host.BrokerAsync("grant", "aws", "--role", HostUnderTest.Role, "--aws-profile", "work");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith(
            "cred-broker: error: the profile work of the broker's host gives no AWS identity\ncred-broker: hint: On the host: aws sso login --profile work,",
            result.Error,
            StringComparison.Ordinal);
    }

    private static async Task<JsonElement> TemporaryKeysAsync(HostUnderTest host)
    {
        var environment = host.Environment;
        environment["AWS_DEFAULT_REGION"] = "us-east-1";
        ProcessResult result = await ProcessRun.RunAsync(["/usr/bin/aws", "--endpoint-url", host.Sts.Url.ToString(), "sts", "get-session-token"], environment);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return JsonDocument.Parse(result.OutputBytes).RootElement.GetProperty("Credentials");
    }

    /// <summary>What <c>aws configure sso</c> and <c>aws sso login</c> leave in the home.</summary>
    private static void WriteLogin(string home)
    {
        string cache = Path.Combine(home, ".aws", "sso", "cache");
        Directory.CreateDirectory(cache);
        File.WriteAllText(
            Path.Combine(home, ".aws", "config"),
            """
            [profile work]
            sso_session = login
            sso_account_id = 123456789012
            sso_role_name = developer
            region = eu-central-1
            [sso-session login]
            sso_region = us-east-1
            sso_start_url = https://login.example/start

            """);
#pragma warning disable CA5350 // The name of the cache file is the SHA-1 of the session's, by the AWS CLI's convention.
        string session = Convert.ToHexStringLower(SHA1.HashData("login"u8));
#pragma warning restore CA5350
        File.WriteAllText(
            Path.Combine(cache, session + ".json"),
            $$"""{"startUrl":"https://login.example/start","region":"us-east-1","accessToken":"LOGINSENTINEL","expiresAt":"{{DateTimeOffset.UtcNow.AddHours(8):yyyy-MM-ddTHH:mm:ssZ}}"}""");
    }
}
