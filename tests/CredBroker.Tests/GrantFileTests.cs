using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using CredBroker.Grants;

namespace CredBroker.Tests;

public sealed class GrantFileTests : IDisposable
{
    private static readonly Grant Full = new("ci", "arn:aws-cn:iam::123456789012:role/team/ci", "cn-north-1", 5400, "the:id", "wörk profile");

    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder["state/grants.json"];

    private GrantFile Grants => new(FilePath);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_stored_is_read_by_name_order()
    {
        Store(Some.Grant);
        Store(Full);

        Assert.Equal([Full, Some.Grant], Read());
        Assert.True(Grants.TryFind("ci", out Grant? found, out _));
        Assert.Equal(Full, found);
    }

    [Fact]
    public void The_file_is_for_people_to_read_too()
    {
        Store(Some.Grant);

        Assert.Equal(
            """
            {
              "version": 1,
              "grants": [
                {
                  "name": "default",
                  "roleArn": "arn:aws:iam::123456789012:role/reader",
                  "region": "us-east-1",
                  "durationSeconds": 3600
                }
              ]
            }

            """,
            File.ReadAllText(FilePath));
    }

    [Fact]
    public void What_narrows_a_grant_stands_in_it_for_people_to_read_too()
    {
        Grant narrowed = Some.Grant with
        {
            Policy = """{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/<é\u1234'\">"}}""",
            PolicyArns = new(["arn:aws:iam::aws:policy/ReadOnlyAccess"]),
            Tags = new([new SessionTag("team", "a=b c")]),
            TransitiveTagKeys = new(["team"]),
            SourceIdentity = "alice",
            SessionNamePrefix = "agents",
            MfaSerial = "GAHT12345",
        };

        Store(narrowed);

        Assert.Equal([narrowed], Read());
        Assert.Equal(
            """
            {
              "version": 1,
              "grants": [
                {
                  "name": "default",
                  "roleArn": "arn:aws:iam::123456789012:role/reader",
                  "region": "us-east-1",
                  "durationSeconds": 3600,
                  "policy": {"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/<é\u1234'\">"}},
                  "policyArns": [
                    "arn:aws:iam::aws:policy/ReadOnlyAccess"
                  ],
                  "tags": [
                    {
                      "key": "team",
                      "value": "a=b c"
                    }
                  ],
                  "transitiveTagKeys": [
                    "team"
                  ],
                  "sourceIdentity": "alice",
                  "sessionNamePrefix": "agents",
                  "mfaSerial": "GAHT12345"
                }
              ]
            }

            """,
            File.ReadAllText(FilePath));
    }

    [Fact]
    public void A_policy_that_somebody_wrote_over_several_lines_is_read()
    {
        string pretty = """{ "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } }""".Replace(" ", "\n  ", StringComparison.Ordinal);
        _folder.Write("state/grants.json", $$"""{"version":1,"grants":[{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600,"policy":{{pretty}}}]}""");

        Assert.Equal("""{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""", Assert.Single(Read()).Policy);
    }

    [Fact]
    public void Only_this_user_may_read_it()
    {
        Store(Full);

        Assert.Equal(("600", "700"), (Modes.Of(FilePath), Modes.Of(_folder["state"])));
        Assert.Equal(["state", "state/grants.json", "state/grants.json.lock"], _folder.Names);
    }

    [Fact]
    public void A_file_that_was_open_to_others_is_closed_with_the_next_grant()
    {
        Store(Full);
        File.SetUnixFileMode(FilePath, (UnixFileMode)0b110_100_100);

        Store(Some.Grant);

        Assert.Equal("600", Modes.Of(FilePath));
    }

    [Fact]
    public void A_grant_of_the_same_name_is_replaced()
    {
        Assert.False(Store(Full));
        Assert.True(Store(Full with { Region = "cn-northwest-1" }));

        Assert.Equal([Full with { Region = "cn-northwest-1" }], Read());
    }

    [Fact]
    public void Names_differ_by_their_case()
    {
        Assert.False(Store(Full));
        Assert.False(Store(Full with { Name = "CI" }));

        Assert.Equal(["CI", "ci"], Read().Select(grant => grant.Name));
    }

    [Fact]
    public void A_grant_is_removed_and_the_others_stay()
    {
        Store(Full);
        Store(Some.Grant);

        Assert.True(Grants.TryRemove("ci", out bool removed, out Failure? failure), failure?.Message);
        Assert.True(removed);
        Assert.True(Grants.TryRemove("ci", out removed, out failure), failure?.Message);
        Assert.False(removed);
        Assert.Equal([Some.Grant], Read());
    }

    [Fact]
    public void No_file_means_no_grants()
    {
        Assert.Empty(Read());
        Assert.False(Grants.TryFind("ci", out _, out Failure? failure));
        Assert.Equal(
            new Failure(FailureKind.NotFound, "GrantNotFound", "there is no grant 'ci' (there is none yet)", "Make it: cred-broker grant aws --name ci --role ROLE-ARN"),
            failure);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void Who_looks_for_a_grant_that_is_not_there_learns_which_ones_are()
    {
        Store(Full);
        Store(Full with { Name = "deploy" });

        Assert.False(Grants.TryFind("default", out _, out Failure? failure));
        Assert.Equal("there is no grant 'default' (there are ci, deploy)", failure!.Message);
        Assert.Equal("Make it: cred-broker grant aws --role ROLE-ARN", failure.Hint);
    }

    private const string Role = "\"roleArn\":\"arn:aws:iam::123456789012:role/ci\"";
    private const string Good = $$"""{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600}""";

    [Theory]
    [InlineData("empty", "", "not valid JSON")]
    [InlineData("cut", """{"version":1,"grants":[""", "not valid JSON")]
    [InlineData("something after the end", """{"version":1,"grants":[]}x""", "not valid JSON")]
    [InlineData("not JSON", "grants: []", "not valid JSON")]
    [InlineData("null", "null", "version 1")]
    [InlineData("an array", "[]", "not valid JSON")]
    [InlineData("no version", """{"grants":[]}""", "not valid JSON of grants")]
    [InlineData("a later version", """{"version":2,"grants":[]}""", "version 1")]
    [InlineData("a version that is text", """{"version":"1","grants":[]}""", "not valid JSON")]
    [InlineData("no grants", """{"version":1}""", "not valid JSON of grants")]
    [InlineData("null for the grants", """{"version":1,"grants":null}""", "not valid JSON of grants")]
    [InlineData("a key twice", """{"version":1,"grants":[],"grants":[]}""", "not valid JSON")]
    [InlineData("a key of a grant twice", $$"""{"version":1,"grants":[{"name":"a","name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600}]}""", "not valid JSON")]
    [InlineData("null for a grant", """{"version":1,"grants":[null]}""", "one of its grants is null")]
    [InlineData("a grant of nothing", """{"version":1,"grants":[{}]}""", "not valid JSON of grants")]
    [InlineData("null for a role", """{"version":1,"grants":[{"name":"a","roleArn":null,"region":"us-east-1","durationSeconds":3600}]}""", "not valid JSON of grants")]
    [InlineData("a grant without a region", $$"""{"version":1,"grants":[{"name":"a",{{Role}},"durationSeconds":3600}]}""", "not valid JSON of grants")]
    [InlineData("a grant without a duration", $$"""{"version":1,"grants":[{"name":"a",{{Role}},"region":"us-east-1"}]}""", "not valid JSON of grants")]
    [InlineData("a role that is none", """{"version":1,"grants":[{"name":"a","roleArn":"reader","region":"us-east-1","durationSeconds":3600}]}""", "its grant 'a' could not be granted: --role")]
    [InlineData("a duration out of its limits", $$"""{"version":1,"grants":[{"name":"a",{{Role}},"region":"us-east-1","durationSeconds":60}]}""", "its grant 'a' could not be granted: --session-duration: '60s' is shorter")]
    [InlineData("a region that would be two lines of a config", $$"""{"version":1,"grants":[{"name":"a",{{Role}},"region":"us-east-1\nx = y","durationSeconds":3600}]}""", "--region")]
    [InlineData("an empty name", $$"""{"version":1,"grants":[{"name":"",{{Role}},"region":"us-east-1","durationSeconds":3600}]}""", "has an empty text")]
    [InlineData("an empty region", $$"""{"version":1,"grants":[{"name":"a",{{Role}},"region":"","durationSeconds":3600}]}""", "its grant 'a' has an empty text")]
    [InlineData("a key that this version does not know: it may be what narrows the grant", $$"""{"version":1,"grants":[{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600,"polcy":{} }]}""", "it has a property that this cred-broker does not know, in line 1, at $.grants[0].polcy")]
    [InlineData("a policy that is none", $$"""{"version":1,"grants":[{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600,"policy":{} }]}""", "its grant 'ci' could not be granted: --policy: the policy has no")]
    [InlineData("a policy as a text", $$"""{"version":1,"grants":[{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600,"policy":"{}"}]}""", "--policy: the policy is not a JSON object")]
    [InlineData("a key of a policy twice", $$"""{"version":1,"grants":[{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600,"policy":{"Statement":[],"Statement":[]} }]}""", "--policy: the policy is not valid JSON")]
    [InlineData("half a character in a policy", $$"""{"version":1,"grants":[{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600,"policy":{"Id":"\ud83d"} }]}""", "it is not valid JSON of grants")]
    [InlineData("a preset that there is none of", $$"""{"version":1,"grants":[{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600,"preset":"all"}]}""", "--preset 'all' is not one of: bedrock")]
    [InlineData("a preset and a policy", $$"""{"version":1,"grants":[{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600,"preset":"bedrock","policy":{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"} } }]}""", "--policy and --preset are given")]
    [InlineData("no policy ARNs in their list", $$"""{"version":1,"grants":[{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600,"policyArns":[]}]}""", "has an empty text or list")]
    [InlineData("null for a policy ARN", $$"""{"version":1,"grants":[{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600,"policyArns":[null]}]}""", "it is not valid JSON of grants")]
    [InlineData("a policy ARN of another account", $$"""{"version":1,"grants":[{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600,"policyArns":["arn:aws:iam::210987654321:policy/x"]}]}""", "is of the account 210987654321")]
    [InlineData("a tag whose key has =", $$"""{"version":1,"grants":[{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600,"tags":[{"key":"a=b","value":"c"}]}]}""", "a tag whose key has '='")]
    [InlineData("a tag without a value", $$"""{"version":1,"grants":[{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600,"tags":[{"key":"a"}]}]}""", "it is not valid JSON of grants")]
    [InlineData("a tag of AWS's own", $$"""{"version":1,"grants":[{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600,"tags":[{"key":"aws:a","value":"c"}]}]}""", "begins with aws:")]
    [InlineData("a transitive key that is no tag's", $$"""{"version":1,"grants":[{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600,"transitiveTagKeys":["a"]}]}""", "--transitive-tag 'a' is not the key of a --tag")]
    [InlineData("a source identity that is none", $$"""{"version":1,"grants":[{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600,"sourceIdentity":""}]}""", "--source-identity")]
    [InlineData("a prefix that is none", $$"""{"version":1,"grants":[{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600,"sessionNamePrefix":"a b"}]}""", "--session-name-prefix")]
    [InlineData("a device that is none", $$"""{"version":1,"grants":[{"name":"ci",{{Role}},"region":"us-east-1","durationSeconds":3600,"mfaSerial":"x"}]}""", "--mfa-serial")]
    [InlineData("the same grant twice", $$"""{"version":1,"grants":[{{Good}},{{Good}}]}""", "it has more than one grant 'ci'")]
    public void A_file_that_is_not_ours_to_understand_is_refused_and_stays_as_it_is(string why, string text, string because)
    {
        _folder.Write("state/grants.json", text);

        Assert.False(Grants.TryRead(out _, out Failure? read), why);
        Assert.False(Grants.TryFind("ci", out _, out Failure? found), why);
        Assert.False(Grants.TryStore(Full, out _, out Failure? stored), why);
        Assert.False(Grants.TryRemove("ci", out _, out Failure? removed), why);

        Assert.Equal((read, read, read), (found, stored, removed));
        Assert.Equal((FailureKind.Host, "GrantsUnreadable"), (read!.Kind, read.Code));
        Assert.StartsWith($"cannot read the grants in {FilePath}: ", read.Message, StringComparison.Ordinal);
        Assert.Contains(because, read.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(FilePath));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_as_it_was()
    {
        Store(Full);
        byte[] before = File.ReadAllBytes(FilePath);
        File.Delete(FilePath + ".lock");
        Directory.CreateDirectory(FilePath + ".lock");

        Assert.False(Grants.TryStore(Some.Grant, out bool replaced, out Failure? failure));

        Assert.Equal((false, "GrantsNotStored", FailureKind.Host), (replaced, failure!.Code, failure.Kind));
        Assert.Equal(before, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_a_failure()
    {
        string file = _folder.Write("state", "a file where the folder should be");

        Assert.False(Grants.TryStore(Full, out _, out Failure? failure));

        Assert.Equal("GrantsNotStored", failure!.Code);
        Assert.Contains(FilePath, failure.Message, StringComparison.Ordinal);
        Assert.Equal("a file where the folder should be", File.ReadAllText(file));
    }

    [Fact]
    public async Task Grants_stored_at_the_same_time_are_all_kept()
    {
        string[] names = [.. Enumerable.Range(0, 24).Select(number => $"grant-{number:D2}")];

        await Task.WhenAll(names.Select(name => Task.Factory.StartNew(() => Store(Full with { Name = name }), TaskCreationOptions.LongRunning)));

        Assert.Equal(names, Read().Select(grant => grant.Name));
        Assert.Equal(["state", "state/grants.json", "state/grants.json.lock"], _folder.Names);
    }

    private bool Store(Grant grant)
    {
        Assert.True(Grants.TryStore(grant, out bool replaced, out Failure? failure), failure?.Message);
        return replaced;
    }

    private IReadOnlyList<Grant> Read()
    {
        Assert.True(Grants.TryRead(out IReadOnlyList<Grant> grants, out Failure? failure), failure?.Message);
        return grants;
    }
}
