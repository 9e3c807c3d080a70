using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Amazon.Runtime;
using Amazon.SecurityToken;
using CredBroker.Credentials;
using StsSimulator;
using StsSimulator.Tests;

namespace CredBroker.Tests;

/// <summary>A simulator that knows alice and a few roles, and a host that signs as alice.</summary>
internal sealed class StsUnderTest : IAsyncDisposable
{
    public const string Account = "123456789012";
    public const string AccessKeyId = "AKIAIOSFODNN7EXAMPLE";
    public const string AliceArn = $"arn:aws:iam::{Account}:user/alice";

    /// <summary>Trusts alice, for twelve hours.</summary>
    public const string OpenRole = $"arn:aws:iam::{Account}:role/team/open";

    /// <summary>Trusts alice, for an hour.</summary>
    public const string PlainRole = $"arn:aws:iam::{Account}:role/plain";

    /// <summary>Trusts alice if she knows the external id, <c>the:id</c>.</summary>
    public const string ExternalIdRole = $"arn:aws:iam::{Account}:role/external";

    /// <summary>Trusts bob only.</summary>
    public const string BobsRole = $"arn:aws:iam::{Account}:role/bobs";

    /// <summary>Trusts sessions of <see cref="OpenRole"/>, for twelve hours.</summary>
    public const string NextRole = "arn:aws:iam::210987654321:role/next";

    /// <summary>Trusts alice, and sessions of <see cref="OpenRole"/>, with tags and a source identity.</summary>
    public const string MarkedRole = $"arn:aws:iam::{Account}:role/marked";

    /// <summary>Trusts everybody of the account with a code of their MFA device, for twelve hours.</summary>
    public const string MfaRole = $"arn:aws:iam::{Account}:role/mfa";

    /// <summary>For the second token of the identity provider; the first is for <see cref="OpenRole"/>.</summary>
    public const string WebRole = $"arn:aws:iam::{Account}:role/web";

    /// <summary>Alice's device, which shows 111111, 222222 and 333333.</summary>
    public const string MfaSerial = $"arn:aws:iam::{Account}:mfa/alice";

    public const string DisabledRegion = "ap-east-1";

    private StsUnderTest(SimulatedSts sts, FakeClock clock, HostEnvironment environment)
    {
        Sts = sts;
        Clock = clock;
        Environment = environment;
    }

    public SimulatedSts Sts { get; }

    /// <summary>The simulator's. The SDK signs by the real one, however far they are apart.</summary>
    public FakeClock Clock { get; }

    public HostEnvironment Environment { get; }

    public static RoleRequest Request { get; } = new(OpenRole, "eu-central-1", 3600, null, null, "cred-broker-abc234abc234");

    public static async Task<StsUnderTest> StartAsync(TimeSpan? allowedClockSkew = null)
    {
        HostEnvironment environment = new();
        FakeClock clock = new();
        SimulatedSts sts = await SimulatedSts.StartAsync(
            new StsConfiguration
            {
                Users = [User("alice", AccessKeyId) with { MfaSerial = MfaSerial, MfaCodes = ["111111", "222222", "333333"] }, User("carol", "AKIACAROLCAROLCAROL1")],
                Roles =
                [
                    new SimulatedRole { Arn = OpenRole, TrustedPrincipals = [$"arn:aws:iam::{Account}:root"], MaxSessionDuration = TimeSpan.FromHours(12) },
                    new SimulatedRole { Arn = PlainRole, TrustedPrincipals = [AliceArn] },
                    new SimulatedRole { Arn = ExternalIdRole, TrustedPrincipals = [AliceArn], ExternalId = "the:id" },
                    new SimulatedRole { Arn = BobsRole, TrustedPrincipals = [$"arn:aws:iam::{Account}:user/bob"] },
                    new SimulatedRole { Arn = NextRole, TrustedPrincipals = [OpenRole], MaxSessionDuration = TimeSpan.FromHours(12) },
                    new SimulatedRole { Arn = MarkedRole, TrustedPrincipals = [AliceArn, OpenRole], AllowsTags = true, AllowsSourceIdentity = true },
                    new SimulatedRole { Arn = MfaRole, TrustedPrincipals = [$"arn:aws:iam::{Account}:root"], RequiresMfa = true, MaxSessionDuration = TimeSpan.FromHours(12) },
                    new SimulatedRole { Arn = WebRole, TrustedPrincipals = [] },
                ],
                WebIdentityTokens = new Dictionary<string, string> { ["token-one"] = OpenRole, ["token-two"] = WebRole },
                DisabledRegions = [DisabledRegion, "cn-northwest-1", "us-gov-east-1", "eusc-de-east-1", "us-iso-west-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1"],
                AllowedClockSkew = allowedClockSkew ?? TimeSpan.FromDays(36500),
            },
            clock);
        environment["AWS_ENDPOINT_URL_STS"] = sts.Url.ToString();
        environment["AWS_ACCESS_KEY_ID"] = AccessKeyId;
        environment["AWS_SECRET_ACCESS_KEY"] = Sentinel.HostSecret;
        return new StsUnderTest(sts, clock, environment);
    }

    public static async Task<AwsCredentials> GetAsync(RoleRequest request)
    {
        AssumeRoleResult result = await AssumeAsync(request);
        Assert.Equal(default, result.Failure);
        return result.Credentials!;
    }

    public static async Task<Failure> FailAsync(RoleRequest request, CancellationToken cancellation = default)
    {
        AssumeRoleResult result = await AssumeAsync(request, cancellation);
        Assert.Equal(default, result.Credentials);
        return result.Failure!;
    }

    /// <summary>Alice's own session, with a token and without MFA.</summary>
    public async Task<AwsCredentials> UserSessionAsync()
    {
        using AmazonSecurityTokenServiceClient client = new(
            new BasicAWSCredentials(AccessKeyId, Sentinel.HostSecret), new AmazonSecurityTokenServiceConfig { ServiceURL = Sts.Url.ToString(), AuthenticationRegion = "us-east-1" });
        Amazon.SecurityToken.Model.Credentials issued = (await client.GetSessionTokenAsync()).Credentials;
        return new AwsCredentials(issued.AccessKeyId, issued.SecretAccessKey, issued.SessionToken, DateTimeOffset.MaxValue, Account, AliceArn);
    }

    public async ValueTask DisposeAsync()
    {
        await Sts.DisposeAsync();
        Environment.Dispose();
    }

    private static Task<AssumeRoleResult> AssumeAsync(RoleRequest request, CancellationToken cancellation = default) =>
        StsRoleAssumer.AssumeAsync(request, cancellation).WaitAsync(Patience.Test, CancellationToken.None);

    private static SimulatedUser User(string name, string accessKeyId) =>
        new() { AccountId = Account, Name = name, AccessKeyId = accessKeyId, SecretAccessKey = Sentinel.HostSecret };
}
