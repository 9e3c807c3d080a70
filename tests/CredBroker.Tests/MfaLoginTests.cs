using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Credentials;
using StsSimulator;

namespace CredBroker.Tests;

/// <summary>Roles that ask for MFA, over the wire, with a person who types what the test says.</summary>
[Collection(HostEnvironmentTests.Name)]
public sealed class MfaLoginTests : IAsyncLifetime
{
    private static readonly RoleRequest Request = StsUnderTest.Request with { RoleArn = StsUnderTest.MfaRole, MfaSerial = StsUnderTest.MfaSerial };

    private readonly List<string> _asked = [];
    private StsLimits _limits = StsLimits.Usual;
    private StsUnderTest _test = null!;

    public async Task InitializeAsync() => _test = await StsUnderTest.StartAsync();

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task A_code_is_asked_for_once_and_buys_renewals_for_a_day_and_a_half()
    {
        MfaLogin login = Login("111111");

        Assert.Null(await login.BeginAsync(Request, CancellationToken.None));
        await GetAsync(login);
        _test.Clock.Advance(TimeSpan.FromHours(35));
        await GetAsync(login);
        Assert.Null(await login.BeginAsync(Request, CancellationToken.None));

        Assert.Equal([$"Code of the MFA device {StsUnderTest.MfaSerial}: "], _asked);
        Assert.Equal(["GetSessionToken", "AssumeRole", "AssumeRole"], _test.Sts.Calls.Select(call => call.Action));
        Assert.All(_test.Sts.Calls, call => Assert.Equal(RecordedCall.Success, call.Outcome));
        Assert.Equal(
            new Dictionary<string, string> { ["Action"] = "GetSessionToken", ["Version"] = "2011-06-15", ["DurationSeconds"] = "129600", ["SerialNumber"] = StsUnderTest.MfaSerial, ["TokenCode"] = "111111" },
            _test.Sts.Calls[0].Parameters);
        Assert.DoesNotContain("TokenCode", _test.Sts.Calls[1].Parameters.Keys);
        Assert.StartsWith("ASIA", _test.Sts.Calls[1].AccessKeyId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_has_ended_is_told_and_not_asked_for_in_the_middle_of_a_run()
    {
        MfaLogin login = Login("111111", "222222");
        Assert.Equal(("MfaNeeded", null), (login.WhyNot(Request)?.Code, login.WhyNot(StsUnderTest.Request)));
        Assert.Null(await login.BeginAsync(Request, CancellationToken.None));
        Assert.Null(login.WhyNot(Request));

        _test.Clock.Advance(TimeSpan.FromHours(36));
        Assert.Equal("MfaNeeded", login.WhyNot(Request)?.Code);
        Failure failure = (await login.AssumeAsync(Request, CancellationToken.None)).Failure!;

        Assert.Equal((FailureKind.Refused, "MfaNeeded"), (failure.Kind, failure.Code));
        Assert.Contains("Start the command again, or the broker with serve --grant of this grant, on a terminal", failure.Hint, StringComparison.Ordinal);
        Assert.Single(_asked);
        Assert.Null(await login.BeginAsync(Request, CancellationToken.None));
        await GetAsync(login);
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task Nobody_is_asked_by_a_call_alone()
    {
        Assert.Equal("MfaNeeded", (await Login("111111").AssumeAsync(Request, CancellationToken.None)).Failure!.Code);
        Assert.Empty(_asked);
        Assert.Empty(_test.Sts.Calls);
    }

    [Fact]
    public async Task One_session_serves_all_grants_of_one_device()
    {
        MfaLogin login = Login("111111");

        Assert.Null(await login.BeginAsync(Request, CancellationToken.None));
        Assert.Null(await login.BeginAsync(Request with { RoleArn = StsUnderTest.OpenRole, DurationSeconds = 7200 }, CancellationToken.None));
        await GetAsync(login, Request with { RoleArn = StsUnderTest.OpenRole, DurationSeconds = 7200 });

        Assert.Single(_asked);
    }

    [Fact]
    public async Task A_request_without_a_device_asks_nobody()
    {
        MfaLogin login = Login();

        Assert.Null(await login.BeginAsync(StsUnderTest.Request, CancellationToken.None));
        await GetAsync(login, StsUnderTest.Request);

        Assert.Empty(_asked);
        Assert.Equal(["AssumeRole"], _test.Sts.Calls.Select(call => call.Action));
    }

    [Theory]
    [InlineData("a wrong code, then a good one", "999999 111111", null, 2)]
    [InlineData("two wrong codes, then a good one", "999999 12345 111111", null, 3)]
    [InlineData("three wrong codes", "999999 999998 999997 111111", "MfaRefused", 3)]
    [InlineData("words", "one two three 111111", "MfaRefused", 3)]
    [InlineData("too many digits", "1111111 111111", null, 2)]
    [InlineData("spaces around", "\t111111\t", null, 1)]
    [InlineData("digits of another script", "١١١١١١ 111111", null, 2)]
    [InlineData("nothing, as Enter alone", "_ 111111", null, 2)]
    public async Task A_code_is_asked_for_again_at_most_twice(string why, string typed, string? code, int asked)
    {
        Failure? failure = await Login(typed.Replace("_", "", StringComparison.Ordinal).Split(' ')).BeginAsync(Request, CancellationToken.None);

        Assert.Equal((why, code, asked), (why, failure?.Code, _asked.Count));
        Assert.All(_asked.Skip(1), question => Assert.EndsWith(". Another code: ", question, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_device_that_is_not_the_hosts()
    {
        Failure? failure = await Login("111111", "222222", "333333").BeginAsync(Request with { MfaSerial = "arn:aws:iam::123456789012:mfa/bob" }, CancellationToken.None);

        Assert.Equal((FailureKind.Refused, "MfaRefused", "AWS does not accept the code for the MFA device arn:aws:iam::123456789012:mfa/bob"), (failure!.Kind, failure.Code, failure.Message));
        Assert.Contains("aws iam list-mfa-devices", failure.Hint, StringComparison.Ordinal);
        Assert.Contains("unable to validate MFA code", failure.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("111111", $"{failure}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_terminal_there_is_one_clear_error()
    {
        Failure? failure = await Login().BeginAsync(Request, CancellationToken.None);

        Assert.Equal(
            new Failure(
                FailureKind.Host,
                "MfaNoTerminal",
                $"the grant asks for a code of the MFA device {StsUnderTest.MfaSerial}, and there is no terminal to ask on",
                "Start it in the foreground of a terminal; a service needs a grant without --mfa-serial."),
            failure);
    }

    [Fact]
    public async Task Who_stops_while_being_asked_is_not_told_of_a_failure()
    {
        using CancellationTokenSource stop = new();
        MfaLogin login = new(async (_, cancellation) =>
        {
            await stop.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
            return "111111";
        }, _test.Clock, StsLimits.Usual);

        await Assert.ThrowsAsync<OperationCanceledException>(() => login.BeginAsync(Request, stop.Token));
    }

    [Fact]
    public async Task A_users_temporary_credentials_bring_the_code_to_the_role_itself()
    {
        // As somebody whose keys are kept by a tool that logs in by itself: alice, with a token.
        _test.Environment.Become(await _test.UserSessionAsync());
        MfaLogin login = Login("222222");

        Assert.Null(await login.BeginAsync(Request, CancellationToken.None));
        AwsCredentials first = await GetAsync(login), second = await GetAsync(login);

        Assert.Equal($"Code of the MFA device {StsUnderTest.MfaSerial} (the host's identity is temporary, so these credentials cannot be renewed): ", Assert.Single(_asked));
        Assert.Equal(first, second);
        RecordedCall call = _test.Sts.Calls[^1];
        Assert.Equal(("AssumeRole", StsUnderTest.MfaSerial, "222222"), (call.Action, call.Parameters["SerialNumber"], call.Parameters["TokenCode"]));
        _test.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal("MfaNeeded", (await login.AssumeAsync(Request, CancellationToken.None)).Failure!.Code);
    }

    [Fact]
    public async Task A_role_has_no_device_of_its_own()
    {
        _test.Environment.Become(await StsUnderTest.GetAsync(StsUnderTest.Request));

        Failure? failure = await Login("111111", "222222", "333333").BeginAsync(Request, CancellationToken.None);

        Assert.Equal("MfaRefused", failure!.Code);
        Assert.Contains("An MFA device is a user's: where the host's identity is a role, grant with --aws-profile", failure.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no identity", "NoSourceIdentity", false)]
    [InlineData("a key that AWS does not know", "InvalidClientTokenId", false)]
    [InlineData("STS throttles", "Throttling", true)]
    [InlineData("STS drops connections", "StsUnreachable", true)]
    [InlineData("STS does not answer", "StsUnreachable", true)]
    public async Task What_is_not_about_the_code_is_not_asked_again(string why, string code, bool isUnavailable)
    {
        _test.Sts.Faults.Actions = new HashSet<string> { "GetSessionToken" };
        if (why == "no identity") _test.Environment["AWS_ACCESS_KEY_ID"] = null;
        if (why == "a key that AWS does not know") _test.Environment["AWS_ACCESS_KEY_ID"] = "AKIANOBODYNOBODYNOBO";
        if (why == "STS throttles") _test.Sts.Faults.Throttle();
        if (why == "STS drops connections") _test.Sts.Faults.DropConnections();
        if (why == "STS does not answer")
        {
            _test.Sts.Faults.Hold();
            _limits = new StsLimits(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(300));
        }

        Failure? failure = await Login("111111", "222222").BeginAsync(Request, CancellationToken.None).WaitAsync(Patience.Test);

        Assert.Equal((why, isUnavailable ? FailureKind.Unavailable : FailureKind.Refused, code), (why, failure!.Kind, failure.Code));
        Assert.InRange(_asked.Count, 0, 1);
        Sentinel.AssertNotIn($"{failure}");
    }

    private MfaLogin Login(params string[] typed) => new((question, _) =>
    {
        _asked.Add(question);
        return Task.FromResult(typed.ElementAtOrDefault(_asked.Count - 1));
    }, _test.Clock, _limits);

    private static Task<AwsCredentials> GetAsync(MfaLogin login) => GetAsync(login, Request);

    private static async Task<AwsCredentials> GetAsync(MfaLogin login, RoleRequest request)
    {
        AssumeRoleResult result = await login.AssumeAsync(request, CancellationToken.None).WaitAsync(Patience.Test);
        Assert.Equal(default, result.Failure);
        return result.Credentials!;
    }
}
