using System.Threading.Tasks;

namespace CredBroker.Tests;

/// <summary>Answers that no STS gives: proxies, captive portals, half an answer.</summary>
[Collection(HostEnvironmentTests.Name)]
public class StsAnswerTests
{
    private const string Html = "<html><body>Please log in to the network</body></html>";

    [Theory]
    [InlineData("a portal's page", 200, "text/html", Html, "IncompleteAnswer StsUnreachable")]
    [InlineData("an empty answer", 200, "text/xml", "", "IncompleteAnswer StsUnreachable")]
    [InlineData("JSON", 200, "application/json", "{}", "IncompleteAnswer StsUnreachable")]
    [InlineData("half an answer", 200, "text/xml", "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Cred", "IncompleteAnswer StsUnreachable")]
    [InlineData("no credentials", 200, "text/xml", "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult/></AssumeRoleResponse>", "IncompleteAnswer")]
    [InlineData("credentials without a secret", 200, "text/xml", "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials><AccessKeyId>ASIAX</AccessKeyId><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>", "IncompleteAnswer")]
    [InlineData("credentials without an end", 200, "text/xml", "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials><AccessKeyId>ASIAX</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken></Credentials></AssumeRoleResult></AssumeRoleResponse>", "IncompleteAnswer")]
    [InlineData("a gateway's page", 502, "text/html", Html, "")]
    [InlineData("a proxy that wants a password", 407, "text/html", Html, "")]
    [InlineData("a proxy that forbids", 403, "text/html", Html, "")]
    public async Task Not_an_answer_of_STS(string why, int status, string contentType, string body, string codes)
    {
        await using FixedAnswer proxy = await FixedAnswer.StartAsync(status, contentType, body);
        using HostEnvironment environment = new();
        environment["AWS_ENDPOINT_URL_STS"] = proxy.Url.ToString();
        environment["AWS_ACCESS_KEY_ID"] = StsUnderTest.AccessKeyId;
        environment["AWS_SECRET_ACCESS_KEY"] = Sentinel.HostSecret;

        Failure failure = await StsUnderTest.FailAsync(StsUnderTest.Request);

        Assert.Equal((why, FailureKind.Unavailable), (why, failure.Kind));
        if (codes.Length > 0) Assert.Contains(failure.Code, codes, System.StringComparison.Ordinal);
        Assert.DoesNotContain("network", failure.Message, System.StringComparison.Ordinal);
        Assert.NotEmpty(failure.Hint!);
        Sentinel.AssertNotIn($"{failure}");
    }
}
