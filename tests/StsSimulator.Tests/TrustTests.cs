using System.Collections.Generic;
using System.Threading.Tasks;

namespace StsSimulator.Tests;

public class TrustTests
{
    [Theory]
    [InlineData("an unknown role", "arn:aws:iam::123456789012:role/none", null, null, "sts:AssumeRole")]
    [InlineData("the role's name under another path", "arn:aws:iam::123456789012:role/open", null, null, "sts:AssumeRole")]
    [InlineData("a role for another user", StsUnderTest.BobsRole, null, null, "sts:AssumeRole")]
    [InlineData("a role for another account's sessions", StsUnderTest.NextRole, null, null, "sts:AssumeRole")]
    [InlineData("no external id", StsUnderTest.ExternalIdRole, null, null, "sts:AssumeRole")]
    [InlineData("a wrong external id", StsUnderTest.ExternalIdRole, "ExternalId", "the:ID", "sts:AssumeRole")]
    [InlineData("a source identity that is not allowed", StsUnderTest.PlainRole, "SourceIdentity", "alice", "sts:SetSourceIdentity")]
    [InlineData("tags that are not allowed", StsUnderTest.PlainRole, "Tags.member.1.Key", "team", "sts:TagSession")]
    public async Task Refuses_who_is_not_trusted(string why, string role, string? parameter, string? value, string action)
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        Dictionary<string, string> request = StsUnderTest.AssumeRole(("RoleArn", role), (parameter ?? "Unknown", value));
        if (parameter == "Tags.member.1.Key")
            request["Tags.member.1.Value"] = "";

        StsReply reply = await test.PostAsync(request);

        string message = $"User: {StsUnderTest.UserArn} is not authorized to perform: {action} on resource: {role}";
        Assert.Equal((why, 403, "AccessDenied", message), (why, reply.Status, reply.Code, reply.Message));
    }

    [Fact]
    public async Task Lets_in_the_account_with_the_external_id()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();

        StsReply reply = await test.PostAsync(StsUnderTest.AssumeRole(("RoleArn", StsUnderTest.ExternalIdRole), ("ExternalId", "the:id")));

        Assert.Equal(200, reply.Status);
    }

    [Fact]
    public async Task Keeps_to_the_longest_session_of_the_role()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();

        StsReply exact = await test.PostAsync(StsUnderTest.AssumeRole(("RoleArn", StsUnderTest.PlainRole), ("DurationSeconds", "3600")));
        StsReply longer = await test.PostAsync(StsUnderTest.AssumeRole(("RoleArn", StsUnderTest.PlainRole), ("DurationSeconds", "3601")));

        Assert.Equal(200, exact.Status);
        Assert.Equal((400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."), (longer.Status, longer.Code, longer.Message));
    }

    [Fact]
    public async Task Keeps_a_chained_session_to_an_hour()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        RequestSigner session = test.SignerOf(await test.PostAsync(StsUnderTest.AssumeRole()));

        StsReply exact = await test.PostAsync(StsUnderTest.AssumeRole(("RoleArn", StsUnderTest.NextRole), ("DurationSeconds", "3600")), session);
        StsReply longer = await test.PostAsync(StsUnderTest.AssumeRole(("RoleArn", StsUnderTest.NextRole), ("DurationSeconds", "3601")), session);

        Assert.Equal("arn:aws:sts::210987654321:assumed-role/next/a-session", exact["Arn"]);
        Assert.Equal((400, "ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."), (longer.Status, longer.Code, longer.Message));
    }

    [Theory]
    [InlineData("AssumeRole", 403)]
    [InlineData("GetSessionToken", 403)]
    [InlineData("GetCallerIdentity", 200)]
    public async Task Gives_no_credentials_in_a_region_that_is_off(string action, int status)
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();

        StsReply reply = await test.PostAsync(StsUnderTest.AssumeRole(("Action", action)), test.Alice with { Region = StsUnderTest.DisabledRegion });

        Assert.Equal((action, status, status == 200 ? null : "RegionDisabledException"), (action, reply.Status, reply.Code));
    }
}
