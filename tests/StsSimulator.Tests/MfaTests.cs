using System.Threading.Tasks;

namespace StsSimulator.Tests;

public class MfaTests
{
    private const string Failed = "MultiFactorAuthentication failed";

    [Theory]
    [InlineData("AssumeRole", "a wrong code", StsUnderTest.MfaSerial, "999999", $"{Failed} with invalid MFA one time pass code. ")]
    [InlineData("GetSessionToken", "a wrong code", StsUnderTest.MfaSerial, "999999", $"{Failed} with invalid MFA one time pass code. ")]
    [InlineData("AssumeRole", "another's device", "arn:aws:iam::123456789012:mfa/bob", "123456", $"{Failed}, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.")]
    [InlineData("GetSessionToken", "another's device", "arn:aws:iam::123456789012:mfa/bob", "123456", $"{Failed}, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.")]
    [InlineData("AssumeRole", "no code", StsUnderTest.MfaSerial, null, $"{Failed}, must provide both MFA serial number and one time pass code.")]
    [InlineData("GetSessionToken", "no device", null, "123456", $"{Failed}, must provide both MFA serial number and one time pass code.")]
    public async Task Refuses(string action, string why, string? serial, string? code, string message)
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();

        StsReply reply = await test.PostAsync(StsUnderTest.AssumeRole(("Action", action), ("SerialNumber", serial), ("TokenCode", code)));

        Assert.Equal((why, 403, "AccessDenied", message), (why, reply.Status, reply.Code, reply.Message));
    }

    [Theory]
    [InlineData("short serial", "SerialNumber", "12345678", "have length greater than or equal to 9")]
    [InlineData("serial with a space", "SerialNumber", "GAHT 1234567", @"satisfy regular expression pattern: [\w+=/:,.@-]*")]
    [InlineData("short code", "TokenCode", "12345", "have length greater than or equal to 6")]
    [InlineData("long code", "TokenCode", "1234567", "have length less than or equal to 6")]
    [InlineData("a code with a letter", "TokenCode", "12345a", @"satisfy regular expression pattern: [\d]*")]
    public async Task Keeps_to_the_limits(string why, string parameter, string value, string must)
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        string member = char.ToLowerInvariant(parameter[0]) + parameter[1..];

        foreach (string action in (string[])["AssumeRole", "GetSessionToken"])
        {
            StsReply reply = await test.PostAsync(StsUnderTest.AssumeRole(("Action", action), (parameter, value)));
            Assert.Equal((why, 400, $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must {must}"), (why, reply.Status, reply.Message));
        }
    }

    [Fact]
    public async Task A_code_is_good_once_for_a_role_that_asks_for_it()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        (string, string?)[] withCode = [("RoleArn", StsUnderTest.MfaRole), ("SerialNumber", StsUnderTest.MfaSerial), ("TokenCode", "123456")];

        StsReply without = await test.PostAsync(StsUnderTest.AssumeRole(("RoleArn", StsUnderTest.MfaRole)));
        StsReply first = await test.PostAsync(StsUnderTest.AssumeRole(withCode));
        StsReply second = await test.PostAsync(StsUnderTest.AssumeRole(withCode));

        Assert.Equal((403, 200, 403), (without.Status, first.Status, second.Status));
    }

    [Fact]
    public async Task A_users_session_keeps_what_the_code_proved()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        RequestSigner plain = test.SignerOf(await test.PostAsync(StsUnderTest.Action("GetSessionToken")));
        RequestSigner proven = test.SignerOf(await test.PostAsync(StsUnderTest.AssumeRole(("Action", "GetSessionToken"), ("SerialNumber", StsUnderTest.MfaSerial), ("TokenCode", "123456"))));

        Assert.Equal(403, (await test.PostAsync(StsUnderTest.AssumeRole(("RoleArn", StsUnderTest.MfaRole)), plain)).Status);
        Assert.Equal(200, (await test.PostAsync(StsUnderTest.AssumeRole(("RoleArn", StsUnderTest.MfaRole)), proven)).Status);
        // A session of a user without a code may still bring one to AssumeRole.
        Assert.Equal(200, (await test.PostAsync(StsUnderTest.AssumeRole(("RoleArn", StsUnderTest.MfaRole), ("SerialNumber", StsUnderTest.MfaSerial), ("TokenCode", "234567")), plain)).Status);
    }

    [Fact]
    public async Task A_role_has_no_device()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        RequestSigner role = test.SignerOf(await test.PostAsync(StsUnderTest.AssumeRole()));

        StsReply reply = await test.PostAsync(StsUnderTest.AssumeRole(("RoleArn", StsUnderTest.MfaRole), ("SerialNumber", StsUnderTest.MfaSerial), ("TokenCode", "123456")), role);

        Assert.Equal((403, "AccessDenied"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task What_is_transitive_goes_on_and_stays()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        RequestSigner session = test.SignerOf(await test.PostAsync(StsUnderTest.AssumeRole(("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "ci"), ("TransitiveTagKeys.member.1", "team"))));
        RequestSigner named = test.SignerOf(await test.PostAsync(StsUnderTest.AssumeRole(("SourceIdentity", "alice"))));

        StsReply conflict = await test.PostAsync(StsUnderTest.AssumeRole(("RoleArn", StsUnderTest.TaggedRole), ("Tags.member.1.Key", "Team"), ("Tags.member.1.Value", "x")), session);
        StsReply untagged = await test.PostAsync(StsUnderTest.AssumeRole(("RoleArn", StsUnderTest.NextRole)), session);
        StsReply unnamed = await test.PostAsync(StsUnderTest.AssumeRole(("RoleArn", StsUnderTest.NextRole)), named);

        Assert.Equal((400, "InvalidParameterValue"), (conflict.Status, conflict.Code));
        Assert.Contains("sts:TagSession", untagged.Message, System.StringComparison.Ordinal);
        Assert.Contains("sts:SetSourceIdentity", unnamed.Message, System.StringComparison.Ordinal);
    }
}
