using System;
using System.Threading.Tasks;

namespace StsSimulator.Tests;

public class IssuedCredentialsTests
{
    [Fact]
    public async Task Answers_as_STS_does()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();

        StsReply reply = await test.PostAsync(StsUnderTest.AssumeRole(
            ("DurationSeconds", "900"),
            ("SourceIdentity", "alice"),
            ("Policy", "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}")));

        Assert.Equal((200, "AssumeRoleResponse", "https://sts.amazonaws.com/doc/2011-06-15/"), (reply.Status, reply.Root, reply.Namespace));
        Assert.Matches("^ASIA[A-Z2-7]{16}$", reply["AccessKeyId"]);
        Assert.Matches("^[A-Za-z0-9+/]{40}$", reply["SecretAccessKey"]);
        Assert.Matches("^[A-Za-z0-9+/=]{300,}$", reply["SessionToken"]);
        Assert.Equal("2026-03-14T15:24:26Z", reply["Expiration"]);
        Assert.Equal("arn:aws:sts::123456789012:assumed-role/open/a-session", reply["Arn"]);
        Assert.Matches("^AROA[A-Z2-7]{17}:a-session$", reply["AssumedRoleId"]);
        Assert.Equal(("3", "alice"), (reply["PackedPolicySize"], reply["SourceIdentity"]));
        Assert.True(Guid.TryParse(reply["RequestId"], out _));
    }

    [Fact]
    public async Task Leaves_out_what_was_not_asked_for()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();

        StsReply reply = await test.PostAsync(StsUnderTest.AssumeRole());

        Assert.Equal((null, null, "2026-03-14T16:09:26Z"), (reply["PackedPolicySize"], reply["SourceIdentity"], reply["Expiration"]));
    }

    [Fact]
    public async Task Gives_other_credentials_each_time()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();

        StsReply first = await test.PostAsync(StsUnderTest.AssumeRole());
        StsReply second = await test.PostAsync(StsUnderTest.AssumeRole());

        foreach (string element in (string[])["AccessKeyId", "SecretAccessKey", "SessionToken", "RequestId"])
            Assert.NotEqual(first[element], second[element]);
        Assert.Equal(first["AssumedRoleId"], second["AssumedRoleId"]);
    }

    [Fact]
    public async Task Knows_the_user()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();

        StsReply reply = await test.PostAsync(StsUnderTest.Action("GetCallerIdentity"));

        Assert.Equal((StsUnderTest.UserArn, StsUnderTest.Account), (reply["Arn"], reply["Account"]));
        Assert.Matches("^AIDA[A-Z2-7]{17}$", reply["UserId"]);
    }

    [Fact]
    public async Task Knows_the_session_by_its_credentials()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        StsReply issued = await test.PostAsync(StsUnderTest.AssumeRole());

        StsReply reply = await test.PostAsync(StsUnderTest.Action("GetCallerIdentity"), test.SignerOf(issued));

        Assert.Equal((issued["Arn"], issued["AssumedRoleId"], StsUnderTest.Account), (reply["Arn"], reply["UserId"], reply["Account"]));
        Assert.Equal((issued["AccessKeyId"], issued["Arn"]), (test.Sts.Calls[1].AccessKeyId, test.Sts.Calls[1].CallerArn));
    }

    [Theory]
    [InlineData("none", null)]
    [InlineData("another one", "token")]
    public async Task Asks_for_the_session_token(string why, string? token)
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        RequestSigner session = test.SignerOf(await test.PostAsync(StsUnderTest.AssumeRole()));

        StsReply reply = await test.PostAsync(StsUnderTest.Action("GetCallerIdentity"), session with { SessionToken = token });

        Assert.Equal((why, 403, "InvalidClientTokenId"), (why, reply.Status, reply.Code));
    }

    [Fact]
    public async Task Ends_the_session_when_its_time_is_over()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        RequestSigner session = test.SignerOf(await test.PostAsync(StsUnderTest.AssumeRole(("DurationSeconds", "900"))));

        test.Clock.Advance(TimeSpan.FromSeconds(899));
        StsReply before = await test.PostAsync(StsUnderTest.Action("GetCallerIdentity"), session with { Time = test.Clock.GetUtcNow() });
        test.Clock.Advance(TimeSpan.FromSeconds(1));
        StsReply after = await test.PostAsync(StsUnderTest.Action("GetCallerIdentity"), session with { Time = test.Clock.GetUtcNow() });

        Assert.Equal(200, before.Status);
        Assert.Equal((403, "ExpiredToken", "The security token included in the request is expired"), (after.Status, after.Code, after.Message));
    }

    [Fact]
    public async Task Gives_a_user_a_session_that_is_still_the_user()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        StsReply issued = await test.PostAsync(StsUnderTest.Action("GetSessionToken"));
        RequestSigner session = test.SignerOf(issued);

        StsReply identity = await test.PostAsync(StsUnderTest.Action("GetCallerIdentity"), session);
        StsReply role = await test.PostAsync(StsUnderTest.AssumeRole(("DurationSeconds", "43200")), session);
        StsReply again = await test.PostAsync(StsUnderTest.Action("GetSessionToken"), session);

        Assert.Equal(("GetSessionTokenResponse", "2026-03-15T03:09:26Z"), (issued.Root, issued["Expiration"]));
        Assert.Equal(StsUnderTest.UserArn, identity["Arn"]);
        Assert.Equal(200, role.Status);
        Assert.Equal((403, "AccessDenied", "Cannot call GetSessionToken with session credentials"), (again.Status, again.Code, again.Message));
    }
}
