using System;
using System.Linq;
using System.Threading.Tasks;

namespace StsSimulator.Tests;

public class AssumeRoleLimitTests
{
    private const string ArnPattern = @"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+";
    private const string NamePattern = @"[\w+=,.@-]*";
    private const string TagKeyPattern = @"[\p{L}\p{Z}\p{N}_.:/=+\-@]+";
    private const string TagValuePattern = @"[\p{L}\p{Z}\p{N}_.:/=+\-@]*";

    public static TheoryData<string, string, string?, string> Violations
    {
        get
        {
            TheoryData<string, string, string?, string> rows = new()
            {
                { "no role", "RoleArn", null, "1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null" },
                { "empty role", "RoleArn", "", $"2 validation errors detected: {Must("", "roleArn", "satisfy regular expression pattern: " + ArnPattern)}; {Must("", "roleArn", "have length greater than or equal to 20")}" },
                { "short role", "RoleArn", "not-an-arn", One("not-an-arn", "roleArn", "have length greater than or equal to 20") },
                { "long role", "RoleArn", Of(2049), One(Of(2049), "roleArn", "have length less than or equal to 2048") },
                { "longest role, no ARN", "RoleArn", Of(2048), $"{Of(2048)} is invalid" },
                { "astral role", "RoleArn", string.Concat(Enumerable.Repeat("😀", 20)), One(string.Concat(Enumerable.Repeat("😀", 20)), "roleArn", "satisfy regular expression pattern: " + ArnPattern) },
                { "a user's ARN", "RoleArn", StsUnderTest.UserArn, $"{StsUnderTest.UserArn} is invalid" },
                { "short account", "RoleArn", "arn:aws:iam::12345678901:role/x", "arn:aws:iam::12345678901:role/x is invalid" },
                { "no role name", "RoleArn", "arn:aws:iam::123456789012:role/", "arn:aws:iam::123456789012:role/ is invalid" },
                { "long role name", "RoleArn", "arn:aws:iam::123456789012:role/" + Of(65), $"arn:aws:iam::123456789012:role/{Of(65)} is invalid" },
                { "long path", "RoleArn", $"arn:aws:iam::123456789012:role/{Of(511)}/x", $"arn:aws:iam::123456789012:role/{Of(511)}/x is invalid" },
                { "no session name", "RoleSessionName", null, "1 validation error detected: Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null" },
                { "empty session name", "RoleSessionName", "", One("", "roleSessionName", "have length greater than or equal to 2") },
                { "short session name", "RoleSessionName", "a", One("a", "roleSessionName", "have length greater than or equal to 2") },
                { "long session name", "RoleSessionName", Of(65), One(Of(65), "roleSessionName", "have length less than or equal to 64") },
                { "slash in session name", "RoleSessionName", "bad/name", One("bad/name", "roleSessionName", "satisfy regular expression pattern: " + NamePattern) },
                { "a letter beyond ASCII", "RoleSessionName", "André", One("André", "roleSessionName", "satisfy regular expression pattern: " + NamePattern) },
                { "a newline at the end", "RoleSessionName", "name\n", One("name\n", "roleSessionName", "satisfy regular expression pattern: " + NamePattern) },
                { "a control character, as XML can hold it", "RoleSessionName", "na\u0001me", One("na?me", "roleSessionName", "satisfy regular expression pattern: " + NamePattern) },
                { "short duration", "DurationSeconds", "899", One("899", "durationSeconds", "have value greater than or equal to 900") },
                { "negative duration", "DurationSeconds", "-1", One("-1", "durationSeconds", "have value greater than or equal to 900") },
                { "long duration", "DurationSeconds", "43201", One("43201", "durationSeconds", "have value less than or equal to 43200") },
                { "short external id", "ExternalId", "x", One("x", "externalId", "have length greater than or equal to 2") },
                { "long external id", "ExternalId", Of(1225), One(Of(1225), "externalId", "have length less than or equal to 1224") },
                { "space in external id", "ExternalId", "a b", One("a b", "externalId", @"satisfy regular expression pattern: [\w+=,.@:\/-]*") },
                { "short source identity", "SourceIdentity", "x", One("x", "sourceIdentity", "have length greater than or equal to 2") },
                { "long source identity", "SourceIdentity", Of(65), One(Of(65), "sourceIdentity", "have length less than or equal to 64") },
                { "reserved source identity", "SourceIdentity", "aws:alice", One("aws:alice", "sourceIdentity", "satisfy regular expression pattern: " + NamePattern) },
                { "long policy", "Policy", Of(2049), One(Of(2049), "policy", "have length less than or equal to 2048") },
                { "policy beyond Latin 1", "Policy", "{\"Id\":\"ሴ\"}", One("{\"Id\":\"ሴ\"}", "policy", @"satisfy regular expression pattern: [\u0009\u000A\u000D\u0020-\u00FF]+") },
                { "short policy ARN", "PolicyArns.member.1.arn", "x", One("x", "policyArns.1.member.arn", "have length greater than or equal to 20") },
                { "policy of another account", "PolicyArns.member.1.arn", "arn:aws:iam::210987654321:policy/x", "arn:aws:iam::210987654321:policy/x is invalid" },
                { "tag without value", "Tags.member.1.Key", "team", "1 validation error detected: Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be null" },
                { "transitive key with a wrong letter", "TransitiveTagKeys.member.1", "a*b", One("a*b", "transitiveTagKeys.1.member", "satisfy regular expression pattern: " + TagKeyPattern) },
            };
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task Refuses_what_is_beyond_a_limit(string why, string parameter, string? value, string message)
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();

        StsReply reply = await test.PostAsync(StsUnderTest.AssumeRole((parameter, value)));

        Assert.Equal((why, 400, "ValidationError", message), (why, reply.Status, reply.Code, reply.Message));
        Assert.Equal("ValidationError", test.LastOutcome);
    }

    [Theory]
    [InlineData("empty key", "", "v", "key", "satisfy regular expression pattern: " + TagKeyPattern, "have length greater than or equal to 1")]
    [InlineData("key with a star", "a*", "v", "key", "satisfy regular expression pattern: " + TagKeyPattern, null)]
    [InlineData("long key", "129", "v", "key", "have length less than or equal to 128", null)]
    [InlineData("value with a star", "k", "a*", "value", "satisfy regular expression pattern: " + TagValuePattern, null)]
    [InlineData("long value", "k", "257", "value", "have length less than or equal to 256", null)]
    public async Task Refuses_a_tag_beyond_a_limit(string why, string key, string value, string member, string must, string? andMust)
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        key = key == "129" ? Of(129) : key;
        value = value == "257" ? Of(257) : value;

        StsReply reply = await test.PostAsync(StsUnderTest.AssumeRole(("Tags.member.1.Key", key), ("Tags.member.1.Value", value)));

        string wrong = member == "key" ? key : value;
        string expected = andMust is null
            ? One(wrong, $"tags.1.member.{member}", must)
            : $"2 validation errors detected: {Must(wrong, $"tags.1.member.{member}", must)}; {Must(wrong, $"tags.1.member.{member}", andMust)}";
        Assert.Equal((why, 400, expected), (why, reply.Status, reply.Message));
    }

    [Theory]
    [InlineData("tags", "Tags.member.{0}.Key=k{0}&Tags.member.{0}.Value=v", 51, "k", 50)]
    [InlineData("transitiveTagKeys", "TransitiveTagKeys.member.{0}=k{0}", 51, "k", 50)]
    [InlineData("policyArns", "PolicyArns.member.{0}.arn=arn:aws:iam::aws:policy/p{0}", 11, "arn:aws:iam::aws:policy/p", 10)]
    public async Task Refuses_a_list_that_is_too_long(string member, string form, int count, string shown, int max)
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        var parameters = Enumerable.Range(1, count)
            .SelectMany(number => form.Replace("{0}", $"{number}", StringComparison.Ordinal).Split('&'))
            .Select(pair => (pair.Split('=')[0], (string?)pair.Split('=')[1]));

        StsReply reply = await test.PostAsync(StsUnderTest.AssumeRole([.. parameters]));

        string values = string.Join(", ", Enumerable.Range(1, count).Select(number => $"{shown}{number}"));
        Assert.Equal(One($"[{values}]", member, $"have length less than or equal to {max}"), reply.Message);
    }

    [Theory]
    [InlineData("empty", "", "missing value for decimal type")]
    [InlineData("a word", "abc", null)]
    [InlineData("a fraction", "900.0", null)]
    [InlineData("beyond 32 bits", "2147483648", null)]
    public async Task Refuses_a_duration_that_is_no_number(string why, string duration, string? message)
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();

        StsReply reply = await test.PostAsync(StsUnderTest.AssumeRole(("DurationSeconds", duration)));

        Assert.Equal((why, 400, "MalformedInput", message), (why, reply.Status, reply.Code, reply.Message));
    }

    [Theory]
    [InlineData("the same key in another case", "team,Team", "", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")]
    [InlineData("a transitive key that is no tag", "team", "other", "The specified transitive tag key must be included in the requested tags.")]
    public async Task Refuses_tags_that_do_not_go_together(string why, string keys, string transitive, string message)
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        var tags = keys.Split(',').SelectMany((key, i) => new (string, string?)[] { ($"Tags.member.{i + 1}.Key", key), ($"Tags.member.{i + 1}.Value", "v") });

        StsReply reply = await test.PostAsync(StsUnderTest.AssumeRole([.. tags, ("TransitiveTagKeys.member.1", transitive.Length == 0 ? null : transitive)]));

        Assert.Equal((why, 400, "InvalidParameterValue", message), (why, reply.Status, reply.Code, reply.Message));
    }

    [Theory]
    [InlineData("no JSON", "{'a':1}", "Syntax errors in policy.")]
    [InlineData("no statement", "{\"Version\":\"2012-10-17\"}", "Syntax errors in policy.")]
    [InlineData("an unknown version", "{\"Version\":\"2026-01-01\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}", "Syntax errors in policy.")]
    [InlineData("no effect", "{\"Statement\":[{\"Action\":\"*\",\"Resource\":\"*\"}]}", "Syntax errors in policy.")]
    [InlineData("no action", "{\"Statement\":[{\"Effect\":\"Allow\",\"Resource\":\"*\"}]}", "Policy statement must contain actions.")]
    [InlineData("no resource", "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\"}]}", "Policy statement must contain resources.")]
    [InlineData("a principal", "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}", "Policy document should not specify a principal.")]
    public async Task Refuses_a_policy_with_wrong_grammar(string why, string policy, string message)
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();

        StsReply reply = await test.PostAsync(StsUnderTest.AssumeRole(("Policy", policy)));

        Assert.Equal((why, 400, "MalformedPolicyDocument", message), (why, reply.Status, reply.Code, reply.Message));
    }

    [Fact]
    public async Task Refuses_policies_that_are_too_large_together()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        string policy = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"" + Of(1900) + "\"}}";

        StsReply reply = await test.PostAsync(StsUnderTest.AssumeRole(
            ("Policy", policy),
            ("PolicyArns.member.1.arn", "arn:aws:iam::123456789012:policy/" + Of(100))));

        Assert.Equal((400, "PackedPolicyTooLarge", "Packed policy consumes 103% of allotted space, please use smaller policy."), (reply.Status, reply.Code, reply.Message));
    }

    [Theory]
    [InlineData("shortest session name", "RoleSessionName", "aa")]
    [InlineData("every letter of a session name", "RoleSessionName", "aZ09_+=,.@-")]
    [InlineData("shortest duration", "DurationSeconds", "900")]
    [InlineData("longest duration", "DurationSeconds", "43200")]
    [InlineData("duration with a plus", "DurationSeconds", "+0900")]
    [InlineData("every letter of an external id", "ExternalId", "aZ09_+=,.@:/-")]
    [InlineData("a parameter that STS does not know", "Unknown", "value")]
    [InlineData("a policy that AWS keeps", "PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/ReadOnlyAccess")]
    public async Task Takes_what_is_within_the_limits(string why, string parameter, string value)
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();

        StsReply reply = await test.PostAsync(StsUnderTest.AssumeRole((parameter, value)));

        Assert.Equal((why, 200, null), (why, reply.Status, reply.Message));
    }

    private static string Of(int length) => new('x', length);

    private static string One(string value, string member, string must) => $"1 validation error detected: {Must(value, member, must)}";

    private static string Must(string value, string member, string must) => $"Value '{value}' at '{member}' failed to satisfy constraint: Member must {must}";
}
