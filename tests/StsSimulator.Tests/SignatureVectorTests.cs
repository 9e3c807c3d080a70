using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace StsSimulator.Tests;

/// <summary>AWS's published SigV4 test suite, and the worked example of its documentation (IAM ListUsers).</summary>
public class SignatureVectorTests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string Date = "20150830T123600Z";
    private const string Form = "Content-Type: application/x-www-form-urlencoded";
    private const string Token = "X-Amz-Security-Token: AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/"
        + "qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8"
        + "fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
    private const string Unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    [Theory]
    [InlineData("get-vanilla", "GET", "", null, "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-vanilla-query-order-key-case", "GET", "Param2=value2&Param1=value1", null, "", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("get-vanilla-query-unreserved", "GET", $"{Unreserved}={Unreserved}", null, "", "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197")]
    [InlineData("get-vanilla-empty-query-key", "GET", "Param1=value1", null, "", "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb")]
    [InlineData("get-header-value-trim", "GET", "", "My-Header1:  value1\nMy-Header2: \"a   b   c\"", "", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736")]
    [InlineData("post-vanilla", "POST", "", null, "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("post-vanilla-query", "POST", "Param1=value1", null, "", "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11")]
    [InlineData("post-header-key-sort", "POST", "", "My-Header1: value1", "", "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c")]
    [InlineData("post-header-value-case", "POST", "", "My-Header1: VALUE1", "", "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d")]
    [InlineData("post-x-www-form-urlencoded", "POST", "", Form, "Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")]
    [InlineData("post-x-www-form-urlencoded-parameters", "POST", "", $"{Form}; charset=utf8", "Param1=value1", "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe")]
    [InlineData("post-sts-header-before", "POST", "", Token, "", "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead")]
    public void Signs_as_the_test_suite_does(string name, string method, string query, string? headers, string body, string signature) =>
        Assert.Equal((name, signature), (name, Sign("service", "example.amazonaws.com", method, query, headers, body)));

    [Fact]
    public void Signs_as_the_documentation_does() => Assert.Equal(
        "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
        Sign("iam", "iam.amazonaws.com", "GET", "Action=ListUsers&Version=2010-05-08", $"{Form}; charset=utf-8", ""));

    private static string Sign(string service, string host, string method, string query, string? headers, string body)
    {
        List<(string Name, string Value)> all = [("Host", host), ("X-Amz-Date", Date)];
        foreach (string line in headers?.Split('\n') ?? [])
            all.Add((line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..]));
        ILookup<string, string> lookup = ReceivedRequest.LookupOf(all);
        return SigV4Signature.Of(
            new ReceivedRequest(method, "/", query, lookup, Encoding.UTF8.GetBytes(body)),
            [.. lookup.Select(header => header.Key).Order(System.StringComparer.Ordinal)],
            Date,
            new CredentialScope("AKIDEXAMPLE", "20150830", "us-east-1", service, "aws4_request"),
            Secret);
    }
}
