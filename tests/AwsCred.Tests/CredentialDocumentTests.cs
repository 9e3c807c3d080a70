using System.Collections.Generic;
using System.Linq;

namespace AwsCred.Tests;

public class CredentialDocumentTests
{
    private const string Canonical =
        "{\"Version\":1,\"AccessKeyId\":\"ASIAX\",\"SecretAccessKey\":\"s/+=\",\"SessionToken\":\"t==\",\"Expiration\":\"2030-01-01T00:00:00Z\"}\n";
    private const long End = 1893456000; // 2030-01-01T00:00:00Z

    private static readonly Dictionary<string, string> s_process = new()
    {
        ["Version"] = "1",
        ["AccessKeyId"] = "\"ASIAX\"",
        ["SecretAccessKey"] = "\"s/+=\"",
        ["SessionToken"] = "\"t==\"",
        ["Expiration"] = "\"2030-01-01T00:00:00Z\"",
    };

    public static TheoryData<string, string?, string> Fields { get; } = [];

    static CredentialDocumentTests()
    {
        foreach (string field in (string[])["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"])
        {
            foreach (string? value in (string?[])[null, "null", "\"\""])
                Fields.Add(field, value, $"{field} is missing or empty");
            foreach (string value in (string[])["1", "true", "false", "{}", "[]", "[\"x\"]", "{\"a\":\"x\"}"])
                Fields.Add(field, value, $"{field} is not a string");
        }

        foreach (string field in (string[])["AccessKeyId", "SecretAccessKey", "SessionToken"])
        {
            foreach (string value in (string[])["\"a b\"", "\"\\n\"", "\"\\u0000\"", "\"\\u007f\"", "\"\u00E9\"", "\"\\u00e9\"", "\"\\uD83D\\uDE00\""])
                Fields.Add(field, value, $"{field} has a character that no credential has");
        }

        foreach (string value in (string[])["\"1\"", "1.0", "1e0", "2", "0", "-1", "11", "true", "null", "{}", "[1]"])
            Fields.Add("Version", value, "Version is not the number 1");
        Fields.Add("Version", null, "Version is missing");
        foreach (string value in (string[])["\"12345678901\"", "\"1234567890123\"", "\"12345678901x\"", "\"            \""])
            Fields.Add("AccountId", value, "AccountId is not a string of 12 digits");
        foreach (string value in (string[])["123456789012", "true", "{}"]) Fields.Add("AccountId", value, "AccountId is not a string");
        foreach (string value in (string[])["\"soon\"", "\"2030-01-01\"", "\"2030-01-01T00:00:00\"", "\"2030-01-01T00:00:00+0000\"", "\"1893456000\""])
            Fields.Add("Expiration", value, "Expiration is not a time like 2026-01-31T12:00:00Z");
        Fields.Add("Token", "1", "Token is not a string");
        Fields.Add("Token", "\"other\"", "SessionToken and Token differ");
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Refuses_a_field(string field, string? value, string why)
    {
        Report expected = new(
            ExitCode.Failed,
            $"the broker's answer is not a credential document: {why}",
            "Check that AWS_CRED_URL names a credential broker, and that its version fits this helper's.");
        Assert.Equal((field, value, expected), (field, value, Parsed.Of(Process((field, value))).Refusal));
    }

    [Theory]
    [InlineData("as it should be", null, null)]
    [InlineData("a null that means nothing", "AccountId", "null")]
    [InlineData("an empty account", "AccountId", "\"\"")]
    [InlineData("a null Token", "Token", "null")]
    [InlineData("the same Token", "Token", "\"t==\"")]
    [InlineData("the same Token by an escape", "Token", "\"\\u0074==\"")]
    [InlineData("unknown keys", "RoleArn", "{\"Version\":2,\"Expiration\":[null,{\"AccessKeyId\":1}]}")]
    [InlineData("keys of another case", "version", "2")]
    [InlineData("a message beside credentials", "Message", "\"fine\"")]
    [InlineData("an offset", "Expiration", "\"2030-01-01T02:00:00+02:00\"")]
    [InlineData("a fraction", "Expiration", "\"2030-01-01T00:00:00.999999Z\"")]
    [InlineData("an expiration with escapes, as System.Text.Json writes a plus sign", "Expiration", "\"2030-01-01T02:00:00\\u002B02:00\"")]
    [InlineData("a secret with escapes", "SecretAccessKey", "\"s\\/\\u002b=\"")]
    public void Prints_one_form(string why, string? field, string? value) =>
        Assert.Equal((why, new Parsed(Canonical, null)), (why, Parsed.Of(field is null ? Process() : Process((field, value)))));

    [Theory]
    [InlineData("the keys' order does not matter", "{\"Expiration\":\"2030-01-01T00:00:00Z\",\"SessionToken\":\"t==\",\"SecretAccessKey\":\"s/+=\",\"AccessKeyId\":\"ASIAX\",\"Version\":1}")]
    [InlineData("a key by escapes", "{\"V\\u0065rsion\":1,\"AccessKeyId\":\"ASIAX\",\"SecretAccessKey\":\"s/+=\",\"SessionToken\":\"t==\",\"Expiration\":\"2030-01-01T00:00:00Z\"}")]
    [InlineData("container credentials", "{\"AccessKeyId\":\"ASIAX\",\"SecretAccessKey\":\"s/+=\",\"Token\":\"t==\",\"Expiration\":\"2030-01-01T00:00:00Z\"}")]
    [InlineData("container credentials of an EC2 kind", "{\"Code\":\"Success\",\"LastUpdated\":\"x\",\"Type\":\"AWS-HMAC\",\"AccessKeyId\":\"ASIAX\",\"SecretAccessKey\":\"s/+=\",\"Token\":\"t==\",\"Expiration\":\"2030-01-01T00:00:00Z\",\"RoleArn\":null}")]
    [InlineData("container credentials with a version", "{\"Version\":1,\"SessionToken\":null,\"AccessKeyId\":\"ASIAX\",\"SecretAccessKey\":\"s/+=\",\"Token\":\"t==\",\"Expiration\":\"2030-01-01T00:00:00Z\"}")]
    public void Takes_both_shapes(string why, string json) => Assert.Equal((why, new Parsed(Canonical, null)), (why, Parsed.Of(json)));

    [Fact]
    public void Prints_the_account_last() => Assert.Equal(
        Canonical.Replace("\"}\n", "\",\"AccountId\":\"123456789012\"}\n", System.StringComparison.Ordinal),
        Parsed.Of(Process(("AccountId", "\"123456789012\""))).Output);

    [Theory]
    [InlineData("a quote", "\"a\\\"b\"", "\"a\\\"b\"")]
    [InlineData("a backslash", "\"a\\\\b\"", "\"a\\\\b\"")]
    [InlineData("a quote by its number", "\"\\u0022\"", "\"\\\"\"")]
    [InlineData("a slash needs none", "\"a\\/b\"", "\"a/b\"")]
    [InlineData("a tilde by its number", "\"\\u007E!\"", "\"~!\"")]
    public void Escapes_what_it_prints(string why, string value, string printed) =>
        Assert.Equal((why, Canonical.Replace("\"t==\"", printed, System.StringComparison.Ordinal)), (why, Parsed.Of(Process(("SessionToken", value))).Output));

    [Theory]
    [InlineData("long before", -86400, true)]
    [InlineData("near its end", -1, true)]
    [InlineData("at its end", 0, false)]
    [InlineData("after its end", 3661, false)]
    public void Serves_until_the_second_of_expiration(string why, int offset, bool isServed)
    {
        Parsed parsed = Parsed.Of(Process(), End + offset);

        string now = offset == 0 ? "2030-01-01T00:00:00Z" : "2030-01-01T01:01:01Z";
        Report expired = new(
            ExitCode.Failed,
            $"the broker's credentials have expired: they ended at 2030-01-01T00:00:00Z, and it is {now} here",
            "Compare the clock here with the broker's; the broker's log says why it has no newer ones.");
        Assert.Equal((why, isServed ? new Parsed(Canonical, null) : new Parsed(null, expired)), (why, parsed));
    }

    [Theory]
    [InlineData("empty", "", "it is not valid JSON: it ends too early (at byte 0)")]
    [InlineData("HTML", "<html>", "it is not valid JSON: a value is missing or not valid (at byte 0)")]
    [InlineData("an array", "[{}]", "it is JSON, but not an object")]
    [InlineData("a string", "\"Version\"", "it is JSON, but not an object")]
    [InlineData("null", "null", "it is JSON, but not an object")]
    [InlineData("an empty object", "{}", "AccessKeyId is missing or empty")]
    [InlineData("text after it", "{} x", "it is not valid JSON: there is text after it (at byte 3)")]
    [InlineData("a key twice", "{\"Version\":1,\"Version\":1}", "it is not valid JSON: a key stands in it twice (at byte 22)")]
    [InlineData("a bad string in a key that is skipped", "{\"x\":\"\\q\"}", "it is not valid JSON: an escape in a string is not valid (at byte 6)")]
    [InlineData("an error inside", "{\"Code\":\"AccessDenied\",\"Message\":\"not you\"}", "the broker answered 200 with an error inside: not you")]
    [InlineData("an error in small letters", "{\"message\":\"not\\u001byou\"}", "the broker answered 200 with an error inside: not?you")]
    [InlineData("an error in escapes", "{\"message\":\"\\u006eot \\\"you\\\"\"}", "the broker answered 200 with an error inside: not \"you\"")]
    [InlineData("an error's text", "{\"error\":\"not \u00E9 you\"}", "the broker answered 200 with an error inside: not ?? you")]
    [InlineData("an error that is no text", "{\"error\":{\"a\":1}}", "AccessKeyId is missing or empty")]
    public void Refuses_what_is_no_document(string what, string json, string why) => Assert.Equal((what, why), (what, Parsed.Of(json).Why));

    [Fact]
    public void Refuses_a_document_that_is_cut_anywhere()
    {
        string json = Process();
        Assert.All(Enumerable.Range(0, json.Length), length => Assert.StartsWith("it is not valid JSON: ", Parsed.Of(json[..length]).Why, System.StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("60,000 bytes", 60_000, false)]
    [InlineData("one byte more", 60_001, true)]
    public void Knows_when_it_is_too_long_for_the_SDKs(string why, int length, bool isTooLong)
    {
        string token = new('t', length - (Canonical.Length - "t==".Length));

        Assert.Equal((why, isTooLong), (why, Parsed.Of(Process(("SessionToken", $"\"{token}\""))).Output == "too long"));
    }

    /// <summary>A good document with fields set to other JSON, or left out.</summary>
    private static string Process(params (string Field, string? Json)[] changes)
    {
        Dictionary<string, string> fields = new(s_process);
        foreach ((string field, string? json) in changes)
        {
            fields.Remove(field);
            if (json is not null) fields[field] = json;
        }

        return $"{{{string.Join(',', fields.Select(field => $"\"{field.Key}\":{field.Value}"))}}}";
    }
}
