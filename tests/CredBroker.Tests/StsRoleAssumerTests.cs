using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Credentials;
using CredBroker.Grants;
using StsSimulator;

namespace CredBroker.Tests;

/// <summary>AssumeRole over the wire, as AWS speaks it: what arrives, what comes back, and every refusal.</summary>
[Collection(HostEnvironmentTests.Name)]
public sealed class StsRoleAssumerTests : IAsyncLifetime
{
    private StsUnderTest _test = null!;

    public async Task InitializeAsync() => _test = await StsUnderTest.StartAsync();

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Credentials_come_back_as_STS_issued_them()
    {
        AwsCredentials credentials = await StsUnderTest.GetAsync(StsUnderTest.Request);

        Assert.Matches(@"\AASIA[A-Z2-7]{16}\z", credentials.AccessKeyId);
        Assert.NotEqual(0, credentials.SecretAccessKey.Length);
        Assert.NotEqual(0, credentials.SessionToken.Length);
        Assert.Equal(new DateTimeOffset(2026, 3, 14, 16, 9, 26, TimeSpan.Zero), credentials.Expiration);
        Assert.Equal(TimeSpan.Zero, credentials.Expiration.Offset);
        Assert.Equal("123456789012", credentials.AccountId);
        Assert.Equal("arn:aws:sts::123456789012:assumed-role/open/cred-broker-abc234abc234", credentials.AssumedRoleArn);
    }

    [Fact]
    public async Task What_is_asked_arrives_and_nothing_else()
    {
        await StsUnderTest.GetAsync(StsUnderTest.Request with { RoleArn = StsUnderTest.ExternalIdRole, DurationSeconds = 900, ExternalId = "the:id" });

        RecordedCall call = Assert.Single(_test.Sts.Calls);
        Assert.Equal((RecordedCall.Success, StsUnderTest.AliceArn), (call.Outcome, call.CallerArn));
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["Action"] = "AssumeRole",
                ["Version"] = "2011-06-15",
                ["RoleArn"] = StsUnderTest.ExternalIdRole,
                ["RoleSessionName"] = "cred-broker-abc234abc234",
                ["DurationSeconds"] = "900",
                ["ExternalId"] = "the:id",
            },
            call.Parameters);
    }

    [Fact]
    public async Task All_that_narrows_and_marks_a_session_arrives_as_it_was_granted()
    {
        Grant grant = Some.Grant with
        {
            RoleArn = StsUnderTest.MarkedRole,
            Policy = """{"Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b/é & +"}}""",
            PolicyArns = new(["arn:aws:iam::aws:policy/ReadOnlyAccess", $"arn:aws:iam::{StsUnderTest.Account}:policy/team/more"]),
            Tags = new([new SessionTag("team", "a=b c"), new SessionTag("cost center", "")]),
            TransitiveTagKeys = new(["team"]),
            SourceIdentity = "alice",
            SessionNamePrefix = "agents",
        };

        await StsUnderTest.GetAsync(RoleRequest.For(grant, "abc234abc234"));

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["Action"] = "AssumeRole",
                ["Version"] = "2011-06-15",
                ["RoleArn"] = StsUnderTest.MarkedRole,
                ["RoleSessionName"] = "agents-abc234abc234",
                ["DurationSeconds"] = "3600",
                ["Policy"] = grant.Policy,
                ["PolicyArns.member.1.arn"] = "arn:aws:iam::aws:policy/ReadOnlyAccess",
                ["PolicyArns.member.2.arn"] = $"arn:aws:iam::{StsUnderTest.Account}:policy/team/more",
                ["Tags.member.1.Key"] = "team",
                ["Tags.member.1.Value"] = "a=b c",
                ["Tags.member.2.Key"] = "cost center",
                ["Tags.member.2.Value"] = "",
                ["TransitiveTagKeys.member.1"] = "team",
                ["SourceIdentity"] = "alice",
            },
            Assert.Single(_test.Sts.Calls).Parameters);
    }

    [Fact]
    public async Task A_preset_is_a_policy_that_STS_takes()
    {
        await StsUnderTest.GetAsync(RoleRequest.For(Some.Grant with { RoleArn = StsUnderTest.OpenRole, Preset = "bedrock" }, "abc234abc234"));

        Assert.Contains("\"bedrock:InvokeModelWithResponseStream\"", Assert.Single(_test.Sts.Calls).Parameters["Policy"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tags that the role does not let in", "AccessDenied", "sts:TagSession for the grant's tags")]
    [InlineData("a source identity that the role does not let in", "AccessDenied", "sts:SetSourceIdentity for its source identity")]
    [InlineData("a policy that packs too large", "PackedPolicyTooLarge", "Shorten the policy")]
    [InlineData("a policy that AWS does not read", "MalformedPolicyDocument", "policy reference")]
    public async Task STS_refuses_what_narrows_or_marks(string why, string code, string hint)
    {
        Failure failure = await StsUnderTest.FailAsync(why switch
        {
            _ when why.StartsWith("tags", StringComparison.Ordinal) => StsUnderTest.Request with { Tags = new([new SessionTag("team", "ci")]) },
            _ when why.StartsWith("a source", StringComparison.Ordinal) => StsUnderTest.Request with { SourceIdentity = "alice" },
            _ when why.EndsWith("large", StringComparison.Ordinal) => StsUnderTest.Request with { RoleArn = StsUnderTest.MarkedRole, Tags = new(Enumerable.Range(0, 40).Select(number => new SessionTag($"key{number}", new string('v', 200)))) },
            _ => StsUnderTest.Request with { Policy = "{}" },
        });

        AssertTellsNothing(failure);
        Assert.Equal((why, code), (why, failure.Code));
        Assert.Contains(hint, failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_external_id_none_is_sent()
    {
        await StsUnderTest.GetAsync(StsUnderTest.Request);

        Assert.DoesNotContain("ExternalId", Assert.Single(_test.Sts.Calls).Parameters.Keys);
    }

    [Theory]
    [InlineData("bob's role", StsUnderTest.BobsRole, "eu-central-1", 3600, null, "AccessDenied")]
    [InlineData("a role that is not there", "arn:aws:iam::123456789012:role/none", "eu-central-1", 3600, null, "AccessDenied")]
    [InlineData("no external id", StsUnderTest.ExternalIdRole, "eu-central-1", 3600, null, "AccessDenied")]
    [InlineData("another external id", StsUnderTest.ExternalIdRole, "eu-central-1", 3600, "another", "AccessDenied")]
    [InlineData("longer than the role allows", StsUnderTest.PlainRole, "eu-central-1", 7200, null, "ValidationError")]
    [InlineData("shorter than STS allows", StsUnderTest.OpenRole, "eu-central-1", 60, null, "ValidationError")]
    [InlineData("a region that is switched off", StsUnderTest.OpenRole, StsUnderTest.DisabledRegion, 3600, null, "RegionDisabledException")]
    [InlineData("signed for China", StsUnderTest.OpenRole, "cn-northwest-1", 3600, null, "RegionDisabledException")]
    [InlineData("signed for the US government", StsUnderTest.OpenRole, "us-gov-east-1", 3600, null, "RegionDisabledException")]
    [InlineData("signed for the sovereign cloud", StsUnderTest.OpenRole, "eusc-de-east-1", 3600, null, "RegionDisabledException")]
    [InlineData("signed for aws-iso", StsUnderTest.OpenRole, "us-iso-west-1", 3600, null, "RegionDisabledException")]
    [InlineData("signed for aws-iso-b", StsUnderTest.OpenRole, "us-isob-east-1", 3600, null, "RegionDisabledException")]
    [InlineData("signed for aws-iso-e", StsUnderTest.OpenRole, "eu-isoe-west-1", 3600, null, "RegionDisabledException")]
    [InlineData("signed for aws-iso-f", StsUnderTest.OpenRole, "us-isof-south-1", 3600, null, "RegionDisabledException")]
    public async Task STS_refuses(string why, string role, string region, int duration, string? externalId, string code)
    {
        Failure failure = await StsUnderTest.FailAsync(StsUnderTest.Request with { RoleArn = role, Region = region, DurationSeconds = duration, ExternalId = externalId });

        AssertTellsNothing(failure);
        Assert.Equal((why, FailureKind.Refused, code), (why, failure.Kind, failure.Code));
        // A refusal of a duration is asked about once more.
        Assert.Equal(duration > 3600 ? [code, RecordedCall.Success] : [code], _test.Sts.Calls.Select(call => call.Outcome));
    }

    [Fact]
    public async Task A_duration_above_the_roles_own_maximum()
    {
        Failure failure = await StsUnderTest.FailAsync(StsUnderTest.Request with { RoleArn = StsUnderTest.PlainRole, DurationSeconds = 7200 });

        Assert.Equal($"AWS does not accept a session of 2h: most often it is longer than the maximum that {StsUnderTest.PlainRole} has itself", failure.Message);
        Assert.Equal(["AssumeRole", "GetCallerIdentity"], _test.Sts.Calls.Select(call => call.Action));
    }

    [Fact]
    public async Task A_refusal_is_told_when_nobody_says_who_the_host_is()
    {
        _test.Sts.Faults.Actions = new HashSet<string> { "GetCallerIdentity" };
        _test.Sts.Faults.Refuse(403, "AccessDenied", "no");

        Failure failure = await StsUnderTest.FailAsync(StsUnderTest.Request with { RoleArn = StsUnderTest.PlainRole, DurationSeconds = 7200 });

        Assert.Equal(("ValidationError", $"AWS does not accept a session of 2h for {StsUnderTest.PlainRole}"), (failure.Code, failure.Message));
    }

    [Fact]
    public async Task A_role_that_assumes_a_role_gets_an_hour_at_most()
    {
        _test.Environment.Become(await StsUnderTest.GetAsync(StsUnderTest.Request));

        Failure failure = await StsUnderTest.FailAsync(StsUnderTest.Request with { RoleArn = StsUnderTest.NextRole, DurationSeconds = 7200 });

        Assert.Equal("ValidationError", failure.Code);
        Assert.Contains("a session of 2h is too long: the host's identity is itself an assumed role", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--session-duration 1h", failure.Hint, StringComparison.Ordinal);
        Assert.Equal("210987654321", (await StsUnderTest.GetAsync(StsUnderTest.Request with { RoleArn = StsUnderTest.NextRole })).AccountId);
    }

    [Fact]
    public async Task A_login_that_has_expired()
    {
        _test.Environment.Become(await StsUnderTest.GetAsync(StsUnderTest.Request));
        _test.Clock.Advance(TimeSpan.FromHours(1));

        Failure failure = await StsUnderTest.FailAsync(StsUnderTest.Request with { RoleArn = StsUnderTest.NextRole });

        AssertTellsNothing(failure);
        Assert.Equal((FailureKind.Refused, "ExpiredToken"), (failure.Kind, failure.Code));
        Assert.Contains("aws sso login", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_secret_key()
    {
        _test.Environment["AWS_SECRET_ACCESS_KEY"] = Sentinel.HostSecret + "x";

        Failure failure = await StsUnderTest.FailAsync(StsUnderTest.Request);

        AssertTellsNothing(failure);
        Assert.Equal((FailureKind.Refused, "SignatureDoesNotMatch"), (failure.Kind, failure.Code));
    }

    [Fact]
    public async Task An_access_key_that_AWS_does_not_know()
    {
        _test.Environment["AWS_ACCESS_KEY_ID"] = "AKIANOBODYNOBODYNOBO";

        Failure failure = await StsUnderTest.FailAsync(StsUnderTest.Request);

        AssertTellsNothing(failure);
        Assert.Equal((FailureKind.Refused, "InvalidClientTokenId"), (failure.Kind, failure.Code));
    }

    public static TheoryData<string, int, bool> Codes => new()
    {
        { "AccessDenied", 403, false },
        { "ExpiredToken", 403, false },
        { "ExpiredTokenException", 400, false },
        { "InvalidClientTokenId", 403, false },
        { "SignatureDoesNotMatch", 403, false },
        { "RegionDisabledException", 403, false },
        { "MalformedPolicyDocument", 400, false },
        { "PackedPolicyTooLarge", 400, false },
        { "ValidationError", 400, false },
        { "Throttling", 400, true },
        { "ThrottlingException", 400, true },
        { "InternalFailure", 500, true },
        { "ServiceUnavailable", 503, true },
        { "SomethingNew", 400, false },
    };

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Every_refusal_is_a_sentence_and_a_hint(string code, int status, bool isUnavailable)
    {
        const string words = $"User: {StsUnderTest.AliceArn} with {StsUnderTest.AccessKeyId} may not";
        _test.Sts.Faults.Refuse(status, code, words);

        Failure failure = await StsUnderTest.FailAsync(StsUnderTest.Request);

        AssertTellsNothing(failure);
        Assert.Equal((isUnavailable ? FailureKind.Unavailable : FailureKind.Refused, code), (failure.Kind, failure.Code));
        Assert.Equal($"{code}: {words}", failure.Detail);
        Assert.Equal(isUnavailable ? 3 : 1, _test.Sts.Calls.Count);
    }

    [Fact]
    public async Task A_throttle_that_passes_is_not_noticed()
    {
        _test.Sts.Faults.Throttle(calls: 2);

        await StsUnderTest.GetAsync(StsUnderTest.Request);

        Assert.Equal(["Throttling", "Throttling", RecordedCall.Success], _test.Sts.Calls.Select(call => call.Outcome));
    }

    [Fact]
    public async Task Connections_that_drop()
    {
        _test.Sts.Faults.DropConnections();

        Failure failure = await StsUnderTest.FailAsync(StsUnderTest.Request);

        AssertTellsNothing(failure);
        Assert.Equal((FailureKind.Unavailable, "StsUnreachable"), (failure.Kind, failure.Code));
        Assert.All(_test.Sts.Calls, call => Assert.Equal(RecordedCall.ConnectionDropped, call.Outcome));
    }

    [Fact]
    public async Task Nobody_listens()
    {
        await _test.Sts.DisposeAsync();

        Failure failure = await StsUnderTest.FailAsync(StsUnderTest.Request);

        AssertTellsNothing(failure);
        Assert.Equal((FailureKind.Unavailable, "StsUnreachable"), (failure.Kind, failure.Code));
    }

    [Fact]
    public async Task A_call_ends_when_it_is_cancelled()
    {
        CallGate gate = _test.Sts.Faults.Hold();
        using CancellationTokenSource cancellation = new();
        Task<Failure> asked = StsUnderTest.FailAsync(StsUnderTest.Request, cancellation.Token);
        await gate.WaitForCallsAsync(1).WaitAsync(Patience.Test);

        await cancellation.CancelAsync();

        Assert.Equal(FailureKind.Unavailable, (await asked).Kind);
        Assert.Single(_test.Sts.Calls);
    }

    /// <summary>What a client is told says what to do, and nothing about who the host is.</summary>
    private static void AssertTellsNothing(Failure failure)
    {
        Assert.NotEmpty(failure.Message);
        Assert.NotEmpty(failure.Hint!);
        Assert.NotEmpty(failure.Detail!);
        string told = failure.Message + failure.Hint;
        foreach (string identity in (string[])[":user/", "assumed-role", "alice", "AKIA", "ASIA"]) Assert.DoesNotContain(identity, told, StringComparison.Ordinal);
        Sentinel.AssertNotIn($"{failure}");
    }
}
