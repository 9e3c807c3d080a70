using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;

namespace StsSimulator.Tests;

public class HostingTests
{
    [Theory]
    [InlineData("GET", "/latest/meta-data/", 404)]
    [InlineData("POST", "/other", 404)]
    [InlineData("PUT", "/", 405)]
    [InlineData("DELETE", "/", 405)]
    public async Task Serves_nothing_else(string method, string path, int status)
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(test.Sts.Url, path));
        using HttpResponseMessage response = await test.Client.SendAsync(request);

        Assert.Equal((path, status, ""), (path, (int)response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Empty(test.Sts.Calls);
    }

    [Theory]
    [InlineData("DecodeAuthorizationMessage", "2011-06-15", "Could not find operation DecodeAuthorizationMessage for version 2011-06-15")]
    [InlineData("AssumeRole", "2000-01-01", "Could not find operation AssumeRole for version 2000-01-01")]
    [InlineData("AssumeRole", null, "Could not find operation AssumeRole for version NO_VERSION_SPECIFIED")]
    public async Task Knows_three_actions_of_one_version(string action, string? version, string message)
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();

        StsReply reply = await test.PostAsync(StsUnderTest.AssumeRole(("Action", action), ("Version", version)));

        Assert.Equal((400, "InvalidAction", message), (reply.Status, reply.Code, reply.Message));
        Assert.Equal("http://webservices.amazon.com/AWSFault/2005-15-09", reply.Namespace);
    }

    [Fact]
    public async Task Sends_a_browser_to_the_product_page()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        using HttpClientHandler handler = new() { AllowAutoRedirect = false };
        using HttpClient browser = new(handler);

        using HttpResponseMessage response = await browser.GetAsync(test.Sts.Url);

        Assert.Equal((HttpStatusCode.Redirect, "https://aws.amazon.com/iam"), (response.StatusCode, response.Headers.Location?.ToString()));
    }

    [Fact]
    public async Task Answers_with_its_request_id_in_header_and_body()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        using HttpRequestMessage request = test.Alice.Post(test.Sts.Url, StsUnderTest.AssumeRole());
        using HttpResponseMessage response = await test.Client.SendAsync(request);
        StsReply reply = await StsReply.ReadAsync(response);

        Assert.Equal("text/xml", response.Content.Headers.ContentType?.ToString());
        Assert.Equal([reply["RequestId"]], response.Headers.GetValues("x-amzn-RequestId"));
        Assert.StartsWith("<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <AssumeRoleResult>\n", reply.Text, StringComparison.Ordinal);
        Assert.EndsWith("</AssumeRoleResponse>\n", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remembers_calls()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => test.PostAsync(StsUnderTest.AssumeRole(("RoleSessionName", $"session-{i}")))));

        IReadOnlyList<RecordedCall> calls = test.Sts.Calls;
        Assert.Equal(20, calls.Select(call => call.Parameters["RoleSessionName"]).Distinct().Count());
        Assert.All(calls, call =>
        {
            Assert.Equal(("AssumeRole", StsUnderTest.OpenRole), (call.Action, call.Parameters["RoleArn"]));
            Assert.Equal((StsUnderTest.AccessKeyId, StsUnderTest.UserArn), (call.AccessKeyId, call.CallerArn));
            Assert.Equal((test.Clock.GetUtcNow(), RecordedCall.Success), (call.Time, call.Outcome));
        });
    }

    [Fact]
    public void Secrets_do_not_print()
    {
        const string sentinel = "SENTINEL";
        SimulatedUser user = StsUnderTest.Configuration.Users[0] with { SecretAccessKey = sentinel };
        IssuedCredentials issued = new("ASIA", sentinel, sentinel, default);
        SigningKey key = new("ASIA", sentinel, Caller.Of(user)) { SessionToken = sentinel };
        StsConfiguration configuration = new() { Users = [user] };
        CommandLine commandLine = new(configuration, false);

        foreach (object value in (object[])[user, issued, key, configuration, commandLine, new SessionTokenAnswer(issued), new AssumeRoleAnswer(Caller.Of(user), issued)])
            Assert.DoesNotContain(sentinel, value.ToString(), StringComparison.Ordinal);
        Assert.Contains("redacted", user.ToString(), StringComparison.Ordinal);
    }
}
