using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>The host's identity from where people have it, in the published file: what the SDK loads by name must be in it.</summary>
public class HostIdentityTests
{
    private const string Keys = $"aws_access_key_id = {HostUnderTest.AccessKeyId}\naws_secret_access_key = {HostUnderTest.SecretKey}\n";

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
        var environment = WithoutKeys(host);
        environment["AWS_ENDPOINT_URL_SSO"] = new Uri(portal.Url).GetLeftPart(UriPartial.Authority);

        ProcessResult result = await ProcessRun.RunAsync([ShippedFiles.Broker, "grant", "aws", "--role", HostUnderTest.Role, "--aws-profile", "work"], environment);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("GET /federation/credentials?account_id=123456789012&role_name=developer ", Assert.Single(portal.Requests), StringComparison.Ordinal);
        Assert.Contains("in eu-central-1,", result.Output, StringComparison.Ordinal); // the profile's region
    }

    /// <summary>What the profile has, its settings, the credentials file, and a role that trusts whom it makes.</summary>
    public static TheoryData<string, string, string, string> Profiles => new()
    {
        { "keys in the credentials file", "", $"[work]\n{Keys}", HostUnderTest.Role },
        { "a process", "credential_process = /bin/cat HOME/keys.json", "", HostUnderTest.Role },
        { "a role by another profile", $"role_arn = {HostUnderTest.Role}\nsource_profile = keys", $"[keys]\n{Keys}", HostUnderTest.NextRole },
        { "a role by a web identity", $"role_arn = {HostUnderTest.Role}\nweb_identity_token_file = HOME/token", "", HostUnderTest.NextRole },
    };

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Profile_that_has(string what, string settings, string credentials, string role)
    {
        await using HostUnderTest host = await HostUnderTest.StartAsync();
        string aws = Directory.CreateDirectory(Path.Combine(host.Folder, ".aws")).FullName;
        File.WriteAllText(Path.Combine(aws, "config"), $"[profile work]\nregion = eu-central-1\n{settings.Replace("HOME", host.Folder, StringComparison.Ordinal)}\n");
        File.WriteAllText(Path.Combine(aws, "credentials"), credentials);
        File.WriteAllText(Path.Combine(host.Folder, "keys.json"), $$"""{"Version":1,"AccessKeyId":"{{HostUnderTest.AccessKeyId}}","SecretAccessKey":"{{HostUnderTest.SecretKey}}"}""");
        File.WriteAllText(Path.Combine(host.Folder, "token"), HostUnderTest.WebIdentityToken);
        var environment = WithoutKeys(host);

        ProcessResult result = await ProcessRun.RunAsync([ShippedFiles.Broker, "grant", "aws", "--role", role, "--aws-profile", "work"], environment);

        Assert.Equal((what, 0, ""), (what, result.ExitCode, result.Error));
        Assert.Equal((what, role), (what, host.Sts.Calls[^1].Parameters["RoleArn"]));
    }

    [Fact]
    public async Task STS_is_asked_by_TLS_as_AWS_is()
    {
        await using HostUnderTest host = await HostUnderTest.StartAsync();
        await using SchemeBroker sts = new("https", BrokerPlay.Ok($"""
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
              <AssumedRoleUser><AssumedRoleId>AROA:x</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/reader/x</Arn></AssumedRoleUser>
              <Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>{DateTime.UtcNow.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}</Expiration></Credentials>
            </AssumeRoleResult></AssumeRoleResponse>
            """).Answer);
        Dictionary<string, string> environment = host.Environment;
        environment["AWS_ENDPOINT_URL_STS"] = sts.Settings.First(setting => setting.Key == "AWS_CRED_URL").Value;
        string[] command = [ShippedFiles.Broker, "grant", "aws", "--role", HostUnderTest.Role];

        ProcessResult stranger = await ProcessRun.RunAsync(command, environment);
        environment["SSL_CERT_FILE"] = sts.Settings.First(setting => setting.Key == "AWS_CRED_CA_FILE").Value;
        ProcessResult known = await ProcessRun.RunAsync(command, environment);

        Assert.Equal((0, ""), (known.ExitCode, known.Error));
        Assert.Equal((1, ""), (stranger.ExitCode, stranger.Output));
        Assert.Contains("SSL_CERT_FILE", stranger.Error, StringComparison.Ordinal);
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

    private static Dictionary<string, string> WithoutKeys(HostUnderTest host)
    {
        Dictionary<string, string> environment = host.Environment;
        environment.Remove("AWS_ACCESS_KEY_ID");
        environment.Remove("AWS_SECRET_ACCESS_KEY");
        return environment;
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
