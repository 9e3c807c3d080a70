using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Credentials;

namespace CredBroker.Tests;

/// <summary>Whose identity the host assumes roles with, found anew for every call.</summary>
[Collection(HostEnvironmentTests.Name)]
public sealed class SourceIdentityTests : IAsyncLifetime
{
    private const string Carol = "AKIACAROLCAROLCAROL1";

    private StsUnderTest _test = null!;

    public async Task InitializeAsync() => _test = await StsUnderTest.StartAsync();

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task No_identity_at_all()
    {
        RemoveKeys();

        Failure failure = await StsUnderTest.FailAsync(StsUnderTest.Request);

        Assert.Equal((FailureKind.Refused, "NoSourceIdentity"), (failure.Kind, failure.Code));
        Assert.Contains("--aws-profile", failure.Hint, StringComparison.Ordinal);
        Assert.Empty(_test.Sts.Calls);
    }

    [Fact]
    public async Task A_profile_that_is_not_there()
    {
        Failure failure = await StsUnderTest.FailAsync(StsUnderTest.Request with { AwsProfile = "work" });

        Assert.Equal((FailureKind.Refused, "NoSourceIdentity"), (failure.Kind, failure.Code));
        Assert.Equal("the profile work of the broker's host gives no AWS identity", failure.Message);
        Assert.Contains("--profile work", failure.Hint, StringComparison.Ordinal);
        Assert.Empty(_test.Sts.Calls);
    }

    [Fact]
    public async Task The_grants_profile_wins_over_the_environments_keys()
    {
        _test.Environment.WriteCredentials(Keys("work", Carol));

        await StsUnderTest.GetAsync(StsUnderTest.Request with { AwsProfile = "work" });

        Assert.Equal([Carol], CallersKeys());
    }

    [Fact]
    public async Task A_profile_may_stand_in_the_config_file()
    {
        _test.Environment.WriteConfig(Keys("profile work", Carol));

        await StsUnderTest.GetAsync(StsUnderTest.Request with { AwsProfile = "work" });

        Assert.Equal([Carol], CallersKeys());
    }

    [Fact]
    public async Task A_profile_may_call_a_process()
    {
        RemoveKeys();
        _test.Environment.WriteConfig($$"""
            [profile work]
            credential_process = /bin/echo '{"Version":1,"AccessKeyId":"{{Carol}}","SecretAccessKey":"{{Sentinel.HostSecret}}"}'
            """);

        await StsUnderTest.GetAsync(StsUnderTest.Request with { AwsProfile = "work" });

        Assert.Equal([Carol], CallersKeys());
    }

    [Fact]
    public async Task A_process_that_fails_is_no_identity()
    {
        RemoveKeys();
        _test.Environment.WriteConfig("[profile work]\ncredential_process = /bin/false\n");

        Failure failure = await StsUnderTest.FailAsync(StsUnderTest.Request with { AwsProfile = "work" });

        Assert.Equal("NoSourceIdentity", failure.Code);
        Assert.Empty(_test.Sts.Calls);
    }

    [Fact]
    public async Task A_source_that_does_not_answer_in_time_may_answer_later()
    {
        RemoveKeys();
        _test.Environment.WriteConfig("[profile work]\ncredential_process = /bin/sleep 1000\n");
        using CancellationTokenSource over = new();
        await over.CancelAsync();

        AssumeRoleResult result = await StsRoleAssumer.AssumeAsync(StsUnderTest.Request with { AwsProfile = "work" }, over.Token);

        Assert.Equal((FailureKind.Unavailable, "SourceIdentityTimeout"), (result.Failure!.Kind, result.Failure.Code));
    }

    [Fact]
    public async Task AWS_PROFILE_names_the_profile_where_the_grant_does_not()
    {
        RemoveKeys();
        _test.Environment.WriteCredentials(Keys("default", StsUnderTest.AccessKeyId) + Keys("work", Carol));
        _test.Environment["AWS_PROFILE"] = "work";

        await StsUnderTest.GetAsync(StsUnderTest.Request);

        Assert.Equal([Carol], CallersKeys());
    }

    [Theory]
    [InlineData("the grant's profile", "work")]
    [InlineData("the default profile", null)]
    public async Task Keys_that_change_in_the_file_are_used_by_the_next_call(string why, string? profile)
    {
        RemoveKeys();
        RoleRequest request = StsUnderTest.Request with { AwsProfile = profile };
        _test.Environment.WriteCredentials(Keys(profile ?? "default", StsUnderTest.AccessKeyId));
        await StsUnderTest.GetAsync(request);

        _test.Environment.WriteCredentials(Keys(profile ?? "default", Carol));
        await StsUnderTest.GetAsync(request);

        Assert.Equal((why, $"{StsUnderTest.AccessKeyId} {Carol}"), (why, string.Join(' ', CallersKeys())));
    }

    [Fact]
    public async Task A_login_after_a_failure_is_used_by_the_next_call()
    {
        RemoveKeys();
        await StsUnderTest.FailAsync(StsUnderTest.Request);

        _test.Environment.WriteCredentials(Keys("default", Carol));
        await StsUnderTest.GetAsync(StsUnderTest.Request);

        Assert.Equal([Carol], CallersKeys());
    }

    [Fact]
    public void A_profile_is_known_by_either_file()
    {
        _test.Environment.WriteConfig("[profile one]\nregion = eu-west-1\n");
        _test.Environment.WriteCredentials(Keys("two", Carol));

        Assert.Equal((true, true, false, false), (StsRoleAssumer.HasProfile("one"), StsRoleAssumer.HasProfile("two"), StsRoleAssumer.HasProfile("three"), StsRoleAssumer.HasProfile("profile one")));
    }

    [Theory]
    [InlineData("AWS_REGION wins", "us-west-1", "us-west-2", "work", null, "us-west-1")]
    [InlineData("then AWS_DEFAULT_REGION", null, "us-west-2", "work", null, "us-west-2")]
    [InlineData("empty is as if not set", "", "us-west-2", "work", null, "us-west-2")]
    [InlineData("then the grant's profile", null, null, "work", null, "eu-west-1")]
    [InlineData("then AWS_PROFILE's", null, null, null, "work", "eu-west-1")]
    [InlineData("then the default profile's", null, null, null, null, "eu-west-3")]
    [InlineData("an empty AWS_PROFILE is the default profile", null, null, null, "", "eu-west-3")]
    [InlineData("a profile without one has none", null, null, "plain", null, null)]
    [InlineData("a profile that is not there has none", null, null, "none", null, null)]
    public void The_hosts_region(string why, string? region, string? defaultRegion, string? profile, string? environmentsProfile, string? expected)
    {
        _test.Environment.WriteConfig("[default]\nregion = eu-west-3\n[profile work]\nregion = eu-west-1\n[profile plain]\noutput = json\n");
        _test.Environment["AWS_REGION"] = region;
        _test.Environment["AWS_DEFAULT_REGION"] = defaultRegion;
        _test.Environment["AWS_PROFILE"] = environmentsProfile;

        Assert.Equal((why, expected), (why, StsRoleAssumer.HostRegion(profile)));
    }

    private static string Keys(string section, string accessKeyId) =>
        $"[{section}]\naws_access_key_id = {accessKeyId}\naws_secret_access_key = {Sentinel.HostSecret}\n";

    private string[] CallersKeys() => [.. _test.Sts.Calls.Select(call => call.AccessKeyId ?? "nobody")];

    private void RemoveKeys()
    {
        _test.Environment["AWS_ACCESS_KEY_ID"] = null;
        _test.Environment["AWS_SECRET_ACCESS_KEY"] = null;
    }
}
