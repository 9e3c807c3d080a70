using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using CredBroker.Credentials;
using StsSimulator;

namespace CredBroker.Tests;

/// <summary>A host identity that is refreshed while the broker runs is used by its next call: each kind that is refreshed from outside.</summary>
[Collection(HostEnvironmentTests.Name)]
public sealed class SourceRefreshTests : IAsyncLifetime, IDisposable
{
    private const string Carol = "AKIACAROLCAROLCAROL1";

    private readonly TemporaryFolder _folder = new();
    private StsUnderTest _test = null!;

    public async Task InitializeAsync()
    {
        _test = await StsUnderTest.StartAsync();
        // The SDK looks at when the host's credentials end, by the real clock.
        _test.Clock.Advance(TimeProvider.System.GetUtcNow() - _test.Clock.GetUtcNow());
        _test.Environment["AWS_ACCESS_KEY_ID"] = null;
        _test.Environment["AWS_SECRET_ACCESS_KEY"] = null;
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("by the environment", null)]
    [InlineData("by a profile", "work")]
    public async Task A_web_identity_token_that_is_rotated(string why, string? profile)
    {
        string file = _folder.Write("token", "expired-token");
        UseWebIdentity(profile, file);
        RoleRequest request = StsUnderTest.Request with { RoleArn = StsUnderTest.NextRole, AwsProfile = profile };

        Failure failure = await StsUnderTest.FailAsync(request);
        _folder.Write("token", "token-one");
        await StsUnderTest.GetAsync(request);

        Assert.Equal((why, FailureKind.Refused, "InvalidIdentityToken"), (why, failure.Kind, failure.Code));
        Assert.Equal(["expired-token", "token-one"], _test.Sts.Calls.Where(call => call.Action == "AssumeRoleWithWebIdentity").Select(call => call.Parameters["WebIdentityToken"]).Distinct());
        Assert.StartsWith("arn:aws:sts::123456789012:assumed-role/open/", _test.Sts.Calls[^1].CallerArn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_good_token_that_is_rotated_is_read_for_every_call()
    {
        UseWebIdentity("work", _folder.Write("token", "token-one"));
        RoleRequest request = StsUnderTest.Request with { RoleArn = StsUnderTest.NextRole, AwsProfile = "work" };

        await StsUnderTest.GetAsync(request);
        _folder.Write("token", "token-two");
        Failure other = await StsUnderTest.FailAsync(request);

        Assert.Equal("AccessDenied", other.Code);
        Assert.Equal(["token-one", "token-two"], _test.Sts.Calls.Where(call => call.Action == "AssumeRoleWithWebIdentity").Select(call => call.Parameters["WebIdentityToken"]).Distinct());
    }

    [Theory]
    [InlineData("IDPCommunicationError", 400, true)]
    [InlineData("IDPRejectedClaim", 403, false)]
    [InlineData("ExpiredTokenException", 400, false)]
    public async Task What_AWS_says_of_a_web_identity_is_told(string code, int status, bool isUnavailable)
    {
        UseWebIdentity("work", _folder.Write("token", "token-one"));
        _test.Sts.Faults.Actions = new HashSet<string> { "AssumeRoleWithWebIdentity" };
        _test.Sts.Faults.Refuse(status, code, "words");

        Failure failure = await StsUnderTest.FailAsync(StsUnderTest.Request with { RoleArn = StsUnderTest.NextRole, AwsProfile = "work" });

        Assert.Equal((isUnavailable ? FailureKind.Unavailable : FailureKind.Refused, code), (failure.Kind, failure.Code));
        Assert.Contains("the profile work of the broker's host", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_of_web_identity_that_asks_for_more_than_an_hour_is_a_chain()
    {
        UseWebIdentity("work", _folder.Write("token", "token-one"));

        Failure failure = await StsUnderTest.FailAsync(StsUnderTest.Request with { RoleArn = StsUnderTest.NextRole, AwsProfile = "work", DurationSeconds = 7200 });

        Assert.Contains("the host's identity is itself an assumed role", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_gives_other_keys()
    {
        string keys = _folder.Write("keys", Document(StsUnderTest.AccessKeyId));
        _test.Environment.WriteConfig($"[profile work]\ncredential_process = /bin/cat {keys}\n");
        _test.Environment["AWS_PROFILE"] = "work";

        await StsUnderTest.GetAsync(StsUnderTest.Request);
        _folder.Write("keys", Document(Carol));
        await StsUnderTest.GetAsync(StsUnderTest.Request);

        Assert.Equal([StsUnderTest.AccessKeyId, Carol], _test.Sts.Calls.Select(call => call.AccessKeyId));
    }

    [Theory]
    [InlineData("good from the start", null, "2099-01-01T00:00:00Z")]
    [InlineData("none before", "none", "2099-01-01T00:00:00Z")]
    [InlineData("an expired one before", "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z")]
    public async Task An_SSO_login_that_was_renewed(string why, string? before, string after)
    {
        AwsCredentials alice = await _test.UserSessionAsync();
        await using FixedAnswer portal = await FixedAnswer.StartAsync(200, "application/json", $$$"""{"roleCredentials":{"accessKeyId":"{{{alice.AccessKeyId}}}","secretAccessKey":"{{{Encoding.ASCII.GetString(alice.SecretAccessKey)}}}","sessionToken":"{{{Encoding.ASCII.GetString(alice.SessionToken)}}}","expiration":4102444800000}}""");
        _test.Environment["AWS_ENDPOINT_URL_SSO"] = portal.Url.ToString();
        _test.Environment.WriteConfig("""
            [profile work]
            sso_session = ours
            sso_account_id = 123456789012
            sso_role_name = developer
            [sso-session ours]
            sso_region = us-east-1
            sso_start_url = https://ours.awsapps.com/start
            sso_registration_scopes = sso:account:access
            """);
        RoleRequest request = StsUnderTest.Request with { AwsProfile = "work" };
        if (before is not null)
        {
            if (before != "none") WriteLogin(before);
            Failure failure = await StsUnderTest.FailAsync(request);
            Assert.Equal((why, "NoSourceIdentity"), (why, failure.Code));
            Assert.Contains("aws sso login --profile work", failure.Hint, StringComparison.Ordinal);
        }

        WriteLogin(after);
        AssumeRoleResult result = await StsRoleAssumer.AssumeAsync(request, default);

        Assert.True(result.Credentials is not null, $"{why}: {result.Failure}");
        Assert.Equal(alice.AccessKeyId, _test.Sts.Calls[^1].AccessKeyId);
    }

    /// <summary>As aws sso login leaves it: the file's name is the SHA-1 of the session's.</summary>
    private void WriteLogin(string expiresAt) => _test.Environment.WriteHome(
        ".aws/sso/cache/48537f613ab85111413f2369616ae97481429bd1.json",
        $$"""{"startUrl":"https://ours.awsapps.com/start","region":"us-east-1","accessToken":"{{Sentinel.Secret}}","expiresAt":"{{expiresAt}}"}""");

    private void UseWebIdentity(string? profile, string file)
    {
        if (profile is not null)
        {
            _test.Environment.WriteConfig($"[profile {profile}]\nrole_arn = {StsUnderTest.OpenRole}\nweb_identity_token_file = {file}\nrole_session_name = host\nregion = eu-central-1\n");
            return;
        }

        _test.Environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = file;
        _test.Environment["AWS_ROLE_ARN"] = StsUnderTest.OpenRole;
        _test.Environment["AWS_ROLE_SESSION_NAME"] = "host";
        _test.Environment["AWS_REGION"] = "eu-central-1";
    }

    private static string Document(string accessKeyId) => $$"""{"Version":1,"AccessKeyId":"{{accessKeyId}}","SecretAccessKey":"{{Sentinel.HostSecret}}"}""";
}
