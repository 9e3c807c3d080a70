using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Threading.Tasks;

namespace StsSimulator.Tests;

public class AuthenticationTests
{
    private const string Mismatch = "The request signature we calculated does not match the signature you provided. "
        + "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

    private static readonly Dictionary<string, string> Identity = StsUnderTest.Action("GetCallerIdentity");

    public static TheoryData<string, Func<RequestSigner, RequestSigner>, int, string, string> WrongSigners => new()
    {
        { "a key that nobody has", good => good with { AccessKeyId = "AKIANOBODY0000000000" }, 403, "InvalidClientTokenId", "The security token included in the request is invalid." },
        { "a wrong secret", good => good with { SecretAccessKey = "wrong" }, 403, "SignatureDoesNotMatch", Mismatch },
        { "a session token with a long-term key", good => good with { SessionToken = "token" }, 403, "InvalidClientTokenId", "The security token included in the request is invalid." },
        { "another service", good => good with { Service = "iam" }, 403, "SignatureDoesNotMatch", "Credential should be scoped to correct service: 'sts'. " },
        { "no region", good => good with { Region = "nowhere" }, 403, "SignatureDoesNotMatch", "Credential should be scoped to a valid region. " },
        { "another terminator", good => good with { Terminator = "aws5" }, 403, "SignatureDoesNotMatch", "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'. " },
        { "another day", good => good with { ScopeDate = "20260313" }, 403, "SignatureDoesNotMatch", "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260313' != '20260314', from '20260314T150926Z'." },
        { "a scope with a part too many", good => good with { Region = "eu/central" }, 400, "IncompleteSignature", "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIAIOSFODNN7EXAMPLE/20260314/eu/central/sts/aws4_request'" },
        { "the host is not signed", good => good with { SignedHeaders = ["content-type", "x-amz-date"] }, 403, "SignatureDoesNotMatch", "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization." },
    };

    [Theory]
    [MemberData(nameof(WrongSigners))]
    public async Task Refuses_a_signature_that_is_wrong(string why, Func<RequestSigner, RequestSigner> bend, int status, string code, string message)
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();

        StsReply reply = await test.PostAsync(Identity, bend(test.Alice));

        Assert.Equal((why, status, code, message), (why, reply.Status, reply.Code, reply.Message));
        Assert.Equal(("ErrorResponse", "https://sts.amazonaws.com/doc/2011-06-15/", "Sender"), (reply.Root, reply.Namespace, reply["Type"]));
        RecordedCall call = Assert.Single(test.Sts.Calls);
        Assert.Equal((code, null, null), (call.Outcome, call.AccessKeyId, call.CallerArn));
    }

    [Theory]
    [InlineData("none", null, true, 403, "MissingAuthenticationToken", "Request is missing Authentication Token")]
    [InlineData("a bearer token", "Bearer abc", true, 403, "MissingAuthenticationToken", "Request is missing Authentication Token")]
    [InlineData("another algorithm", "AWS4-HMAC-SHA512 Credential=a", true, 400, "IncompleteSignature", "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'.")]
    [InlineData("no pairs", "AWS4-HMAC-SHA256 Credential", true, 400, "IncompleteSignature", "'Credential' not a valid key=value pair (missing equal-sign) in Authorization header: 'AWS4-HMAC-SHA256 Credential'.")]
    [InlineData("nothing but the algorithm", "AWS4-HMAC-SHA256", false, 400, "IncompleteSignature", "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256")]
    [InlineData("no signature", "AWS4-HMAC-SHA256 Credential=a/b/c/d/e,SignedHeaders=host", true, 400, "IncompleteSignature", "Authorization header requires 'Signature' parameter. Authorization=AWS4-HMAC-SHA256")]
    public async Task Refuses_a_header_that_is_no_signature(string why, string? authorization, bool dated, int status, string code, string message)
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        HttpRequestMessage request = test.Alice.Post(test.Sts.Url, Identity);
        request.Headers.Remove("Authorization");
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (!dated)
            request.Headers.Remove("X-Amz-Date");

        StsReply reply = await test.SendAsync(request);

        Assert.Equal((why, status, code, message), (why, reply.Status, reply.Code, reply.Message));
    }

    [Theory]
    [InlineData("the body", "AssumeRole")]
    [InlineData("a signed header", "")]
    public async Task Refuses_what_was_changed_after_signing(string what, string newAction)
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        HttpRequestMessage request = test.Alice.Post(test.Sts.Url, Identity);
        if (newAction.Length > 0)
        {
            request.Content = new FormUrlEncodedContent(StsUnderTest.Action(newAction));
            request.Content.Headers.Remove("Content-Type");
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        }
        else
        {
            request.Headers.Host = "sts.amazonaws.com";
        }

        StsReply reply = await test.SendAsync(request);

        Assert.Equal((what, "SignatureDoesNotMatch"), (what, reply.Code));
    }

    [Theory]
    [InlineData("the same second", 0, null)]
    [InlineData("15 minutes slow", -15 * 60, null)]
    [InlineData("15 minutes fast", 15 * 60, null)]
    [InlineData("too slow", -15 * 60 - 1, "Signature expired: 20260314T145425Z is now earlier than 20260314T145426Z (20260314T150926Z - 15 min.)")]
    [InlineData("too fast", 15 * 60 + 1, "Signature not yet current: 20260314T152427Z is still later than 20260314T152426Z (20260314T150926Z + 15 min.)")]
    public async Task Allows_a_clock_to_be_15_minutes_off(string why, int seconds, string? message)
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        test.Clock.Advance(TimeSpan.FromMilliseconds(-535));

        StsReply reply = await test.PostAsync(Identity, test.Alice with { Time = test.Clock.GetUtcNow().AddSeconds(seconds) });

        Assert.Equal((why, message is null ? 200 : 403, message), (why, reply.Status, reply.Message));
        Assert.Equal(message is null ? null : "SignatureDoesNotMatch", reply.Code);
    }

    [Fact]
    public async Task Allows_more_where_it_is_told_to()
    {
        FakeClock clock = new();
        await using SimulatedSts sts = await SimulatedSts.StartAsync(StsUnderTest.Configuration with { AllowedClockSkew = TimeSpan.FromDays(1) }, clock);
        RequestSigner signer = new(StsUnderTest.AccessKeyId, StsUnderTest.SecretAccessKey) { Time = clock.GetUtcNow().AddHours(-23) };
        using HttpClient client = new();
        using HttpRequestMessage request = signer.Post(sts.Url, Identity);
        using HttpResponseMessage response = await client.SendAsync(request);

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task Refuses_a_date_in_another_form()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        HttpRequestMessage request = test.Alice.Post(test.Sts.Url, Identity);
        request.Headers.Remove("X-Amz-Date");
        request.Headers.Add("X-Amz-Date", "2026-03-14T15:09:26Z");

        StsReply reply = await test.SendAsync(request);

        Assert.Equal((400, "IncompleteSignature"), (reply.Status, reply.Code));
        Assert.Equal("Date must be in ISO-8601 'basic format'. Got '2026-03-14T15:09:26Z'. See http://en.wikipedia.org/wiki/ISO_8601", reply.Message);
    }

    [Fact]
    public async Task Takes_a_query_string_as_well_as_a_form()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();

        StsReply reply = await test.SendAsync(test.Alice.Get(test.Sts.Url, StsUnderTest.AssumeRole(("RoleSessionName", "with+plus@and=more"))));

        Assert.Equal(200, reply.Status);
        Assert.EndsWith("/with+plus@and=more", reply["Arn"], StringComparison.Ordinal);
    }
}
