using System;
using System.Collections.Generic;
using System.Linq;
using CredBroker.Grants;

namespace CredBroker.Tests;

public class SessionPolicyTests
{
    private const string Good = """{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}""";

    [Theory]
    [InlineData("one statement, not in a list", $$"""{"Statement":{{Good}}}""")]
    [InlineData("the new version", $$"""{"Version":"2012-10-17","Statement":[{{Good}}]}""")]
    [InlineData("the old version and an id", $$"""{"Version":"2008-10-17","Id":"any thing","Statement":[{{Good}}]}""")]
    [InlineData("two statements", $$"""{"Statement":[{{Good}},{{Good}}]}""")]
    [InlineData("a statement's id", """{"Statement":{"Sid":"Read1","Effect":"Deny","Action":"*","Resource":"*"}}""")]
    [InlineData("an empty statement's id", """{"Statement":{"Sid":"","Effect":"Deny","Action":"*","Resource":"*"}}""")]
    [InlineData("lists", """{"Statement":{"Effect":"Allow","Action":["s3:Get*","s3:List?ucket"],"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}}""")]
    [InlineData("what is not meant", """{"Statement":{"Effect":"Allow","NotAction":"iam:*","NotResource":"arn:aws:s3:::b"}}""")]
    [InlineData("conditions of each kind of value", """{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"s3:prefix":["a/*","b/*"]},"Bool":{"aws:SecureTransport":true},"NumericLessThan":{"s3:max-keys":10}}}}""")]
    [InlineData("no condition in the condition", """{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{}}}""")]
    [InlineData("a variable in a resource", """{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/${aws:username}/*"}}""")]
    [InlineData("a resource of wildcards", """{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:*:s3:*:*:b/*"}}""")]
    [InlineData("characters of the policy's alphabet as they are", """{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/<&'+é>/*"}}""")]
    public void A_minified_policy_stays_as_it_is(string why, string text)
    {
        Assert.True(SessionPolicy.TryParse(text, out string minified, out IReadOnlyList<string> problems), $"{why}: {string.Join("; ", problems)}");
        Assert.Equal(text, minified);
    }

    [Fact]
    public void White_space_goes_but_for_that_in_texts()
    {
        const string pretty = """
            {
              "Statement" : [ {
                "Effect": "Allow",	"Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::b/my file"
              } ]
            }

            """;

        Assert.True(SessionPolicy.TryParse(pretty.ReplaceLineEndings("\r\n"), out string minified, out _));

        Assert.Equal("""{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/my file"}]}""", minified);
    }

    [Theory]
    [InlineData("a letter beyond Latin-1", "ሴ", "\\u1234")]
    [InlineData("a letter beyond 16 bits", "😀", "\\uD83D\\uDE00")]
    [InlineData("the last of Latin-1", "\\u00ff", "ÿ")]
    [InlineData("a quote", "\\u0022", "\\\"")]
    [InlineData("a backslash", "\\\\", "\\\\")]
    public void Texts_are_written_in_the_alphabet_that_STS_takes(string why, string text, string sent)
    {
        const string form = """{{"Statement":{{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/{0}"}}}}""";

        Assert.True(SessionPolicy.TryParse(string.Format(null, form, text), out string minified, out _), why);

        Assert.Equal(string.Format(null, form, sent), minified);
        Assert.True(SessionPolicy.TryParse(minified, out string again, out _));
        Assert.Equal(minified, again);
    }

    [Theory]
    [InlineData("empty", "", "is not valid JSON: see line 1, byte 1")]
    [InlineData("cut", "{\n\"Statement\":", "is not valid JSON: see line 2, byte 13")]
    [InlineData("something after the end", $$"""{"Statement":{{Good}}} x""", "is not valid JSON")]
    [InlineData("a comment", $$"""{"Statement":{{Good}}} // all""", "is not valid JSON")]
    [InlineData("a key twice: only one of two would count", $$"""{"Statement":{{Good}},"Statement":{{Good}}}""", "is not valid JSON")]
    [InlineData("half a character", """{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::\ud83d"}}""", "has a text that is not valid Unicode")]
    [InlineData("half a character where nothing is looked at", """{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"s3:prefix":"\ud83d"}}}}""", "has a text that is not valid Unicode")]
    [InlineData("a list", "[]", "is not a JSON object")]
    [InlineData("nothing", "{}", "has no \"Statement\"")]
    [InlineData("no statement in the list", """{"Statement":[]}""", "has no statement in its \"Statement\"")]
    [InlineData("a text for a statement", """{"Statement":"all"}""", "has in its statement something other than a JSON object")]
    [InlineData("a later version", $$"""{"Version":"2026-01-01","Statement":{{Good}}}""", "has a \"Version\" that is neither")]
    [InlineData("a version that is a number", $$"""{"Version":2012,"Statement":{{Good}}}""", "has a \"Version\" that is neither")]
    [InlineData("a key in another case", $$"""{"version":"2012-10-17","Statement":{{Good}}}""", "has in the policy the key 'version', which no policy has")]
    [InlineData("a statement's key that nobody knows", """{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Resources":"*"}}""", "has in its statement the key 'Resources', which no policy has")]
    [InlineData("an effect in another case", """{"Statement":{"Effect":"allow","Action":"*","Resource":"*"}}""", "has in its statement no \"Effect\" of \"Allow\" or \"Deny\"")]
    [InlineData("a principal", """{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}}""", "has in its statement a principal, which a session policy cannot have")]
    [InlineData("no action", """{"Statement":{"Effect":"Allow","Resource":"*"}}""", "has in its statement neither \"Action\" nor \"NotAction\"")]
    [InlineData("both actions", """{"Statement":{"Effect":"Allow","Action":"*","NotAction":"*","Resource":"*"}}""", "has in its statement both \"Action\" and \"NotAction\"")]
    [InlineData("no actions in the list", """{"Statement":{"Effect":"Allow","Action":[],"Resource":"*"}}""", "has in its statement \"Action\" as neither a text nor a list of texts")]
    [InlineData("an action that is null", """{"Statement":{"Effect":"Allow","Action":null,"Resource":"*"}}""", "has in its statement \"Action\" as neither")]
    [InlineData("an action without its service", """{"Statement":{"Effect":"Allow","Action":"GetObject","Resource":"*"}}""", "has in its statement 'GetObject', which is not an action")]
    [InlineData("no resource", """{"Statement":{"Effect":"Allow","Action":"*"}}""", "has in its statement neither \"Resource\" nor \"NotResource\"")]
    [InlineData("a resource that is no ARN", """{"Statement":{"Effect":"Allow","Action":"*","Resource":"bucket"}}""", "has in its statement 'bucket', which is not an ARN")]
    [InlineData("a statement's id with a space", """{"Statement":{"Sid":"a b","Effect":"Allow","Action":"*","Resource":"*"}}""", "has in its statement a \"Sid\" that is not of letters and digits")]
    [InlineData("a condition of another form", """{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":true}}}""", "has in its statement a \"Condition\" that is not of the form")]
    [InlineData("a condition that nests", """{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"a":{"b":1}}}}}""", "has in its statement a \"Condition\" that is not of the form")]
    [InlineData("the statement is named", $$"""{"Statement":[{{Good}},{}]}""", "has in statement 2 no \"Effect\"")]
    public void What_is_no_session_policy_is_told(string why, string text, string problem)
    {
        Assert.False(SessionPolicy.TryParse(text, out _, out IReadOnlyList<string> problems), why);
        Assert.StartsWith(problem, problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        Assert.False(SessionPolicy.TryParse("""{"Version":"1","Statement":[{"Effect":"No","Action":["a","b"],"Resource":"x"},7]}""", out _, out IReadOnlyList<string> problems));

        Assert.Equal(6, problems.Count);
    }

    [Fact]
    public void Depth_has_an_end() => Assert.False(SessionPolicy.TryParse(string.Concat(Enumerable.Repeat("{\"Statement\":", 10_000)), out _, out _));

    [Fact]
    public void A_policy_is_built_of_actions_and_resources() => Assert.Equal(
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}]}""",
        SessionPolicy.Build(new PolicyStatement(["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::b", "arn:aws:s3:::b/*"])));

    public static TheoryData<string> Partitions => [.. Partition.All.Select(partition => partition.Name)];

    [Theory]
    [MemberData(nameof(Partitions))]
    public void Every_preset_is_a_policy_of_the_roles_partition_and_leaves_room(string partition)
    {
        Assert.All(SessionPreset.All, preset =>
        {
            string policy = preset.PolicyFor(Partition.Find(partition)!);
            Assert.True(SessionPolicy.TryParse(policy, out string minified, out IReadOnlyList<string> problems), string.Join("; ", problems));
            Assert.Equal(policy, minified);
            Assert.InRange(policy.Length, 1, 1024);
            Assert.Equal(policy.Split("arn:").Length, policy.Split($"arn:{partition}:").Length);
        });
    }

    [Fact]
    public void Bedrock_is_what_Claude_Code_asks_for() => Assert.Equal(
        """{"Version":"2012-10-17","Statement":["""
        + """{"Effect":"Allow","Action":["bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"],"Resource":["arn:aws:bedrock:*::foundation-model/anthropic.*","arn:aws:bedrock:*:*:inference-profile/*anthropic.*","arn:aws:bedrock:*:*:application-inference-profile/*"]},"""
        + """{"Effect":"Allow","Action":["bedrock:GetFoundationModel","bedrock:GetInferenceProfile","bedrock:ListFoundationModels","bedrock:ListInferenceProfiles"],"Resource":["*"]}]}""",
        SessionPreset.Find("bedrock")!.PolicyFor(Partition.Find("aws")!));
}
