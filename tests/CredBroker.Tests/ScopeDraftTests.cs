using System;
using System.Collections.Generic;
using System.Linq;
using CredBroker.Grants;

namespace CredBroker.Tests;

/// <summary>Every limit that STS has for what narrows and marks a session: at it, below it, above it.</summary>
public class ScopeDraftTests
{
    private const string Role = "arn:aws:iam::123456789012:role/reader";
    private const string Policy = """{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""";

    [Fact]
    public void All_that_is_given_is_granted()
    {
        Grant grant = Accept(new ScopeDraft
        {
            Policy = "  " + Policy + "\n",
            PolicyArns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            Tags = ["team=ci", "cost center="],
            TransitiveTagKeys = ["team"],
            SourceIdentity = "alice",
            SessionNamePrefix = "agents",
            MfaSerial = "arn:aws:iam::123456789012:mfa/alice",
        });

        Assert.Equal(
            new Grant("default", Role, "us-east-1", 3600)
            {
                Policy = Policy,
                PolicyArns = new(["arn:aws:iam::aws:policy/ReadOnlyAccess"]),
                Tags = new([new SessionTag("team", "ci"), new SessionTag("cost center", "")]),
                TransitiveTagKeys = new(["team"]),
                SourceIdentity = "alice",
                SessionNamePrefix = "agents",
                MfaSerial = "arn:aws:iam::123456789012:mfa/alice",
            },
            grant);
        Assert.Equal(grant, Accept(GrantDraft.Of(grant).Scope));
        Assert.Equal(Policy, grant.SentPolicy);
        Assert.Empty(grant.Environment);
    }

    [Fact]
    public void Actions_and_resources_make_a_policy()
    {
        Grant grant = Accept(new ScopeDraft { Allow = ["s3:GetObject", "s3:ListBucket"], Resources = ["arn:aws:s3:::b"] });

        Assert.Equal("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::b"]}]}""", grant.Policy);
    }

    [Fact]
    public void A_preset_is_kept_by_its_name_and_sent_as_a_policy_of_the_roles_partition()
    {
        Grant grant = Accept(new ScopeDraft { Preset = "bedrock" }, "arn:aws-us-gov:iam::123456789012:role/reader");

        Assert.Equal(("bedrock", null), (grant.Preset, grant.Policy));
        Assert.Contains("arn:aws-us-gov:bedrock:*::foundation-model/anthropic.*", grant.SentPolicy, StringComparison.Ordinal);
        Assert.Equal("1", Assert.Single(grant.Environment, variable => variable.Key == "CLAUDE_CODE_USE_BEDROCK").Value);
    }

    [Fact]
    public void Nothing_given_narrows_nothing() => Assert.Equal(new Grant("default", Role, "us-east-1", 3600), Accept(new ScopeDraft()));

    public static TheoryData<string, object, string> Refused => new()
    {
        { "a policy and a preset", new ScopeDraft { Policy = Policy, Preset = "bedrock" }, "--policy and --preset are given, and each is a policy of its own" },
        { "a preset and actions", new ScopeDraft { Preset = "bedrock", Allow = ["s3:*"], Resources = ["*"] }, "--preset and --allow with --resource are given" },
        { "a policy and actions", new ScopeDraft { Policy = Policy, Allow = ["s3:*"], Resources = ["*"] }, "--policy and --allow with --resource are given" },
        { "actions for nothing", new ScopeDraft { Allow = ["s3:*"] }, "--allow is given without --resource; to allow it on all resources write: --resource '*'" },
        { "resources for nothing", new ScopeDraft { Resources = ["*"] }, "--resource is given without --allow" },
        { "an action that is none", new ScopeDraft { Allow = ["GetObject"], Resources = ["*"] }, "--allow 'GetObject' is not an action as s3:GetObject is one" },
        { "an empty action", new ScopeDraft { Allow = [""], Resources = ["*"] }, "--allow '' is not an action" },
        { "a resource that is none", new ScopeDraft { Allow = ["*"], Resources = ["bucket"] }, "--resource 'bucket' is not an ARN" },
        { "a policy that is none", new ScopeDraft { Policy = "{}" }, "--policy: the policy has no \"Statement\"" },
        { "an empty policy: a variable that is not set must not widen", new ScopeDraft { Policy = "" }, "--policy: the policy is not valid JSON" },
        { "an empty preset", new ScopeDraft { Preset = "" }, "--preset '' is not one of: bedrock" },
        { "a preset that there is none of", new ScopeDraft { Preset = "Bedrock" }, "--preset 'Bedrock' is not one of: bedrock" },
        { "a policy ARN of another account", Arns("arn:aws:iam::210987654321:policy/x"), "--policy-arn 'arn:aws:iam::210987654321:policy/x' is of the account 210987654321, and must be of the role's, 123456789012" },
        { "a policy ARN of another partition", Arns("arn:aws-cn:iam::aws:policy/ReadOnlyAccess"), "--policy-arn 'arn:aws-cn:iam::aws:policy/ReadOnlyAccess' is not of the partition aws" },
        { "a policy ARN of no partition", Arns("arn:azure:iam::aws:policy/ReadOnlyAccess"), "--policy-arn 'arn:azure:iam::aws:policy/ReadOnlyAccess' is not the ARN of a managed policy" },
        { "a role's ARN", Arns(Role), $"--policy-arn '{Role}' is not the ARN of a managed policy" },
        { "a policy ARN without a name", Arns("arn:aws:iam::aws:policy/"), "--policy-arn 'arn:aws:iam::aws:policy/' is not the ARN" },
        { "a policy ARN with a newline", Arns("arn:aws:iam::aws:policy/x\n"), "--policy-arn 'arn:aws:iam::aws:policy/x\n' is not the ARN" },
        { "a policy's name one too long", Arns("arn:aws:iam::aws:policy/" + Of(129)), "--policy-arn" },
        { "a policy ARN one too short", Arns("arn:aws:iam::aws:po"), "--policy-arn 'arn:aws:iam::aws:po' has 19 characters, and must have 20 to 2048" },
        { "a policy ARN twice", Arns("arn:aws:iam::aws:policy/x", "arn:aws:iam::aws:policy/x"), "--policy-arn 'arn:aws:iam::aws:policy/x' is given more than once" },
        { "one policy ARN too many", Arns([.. Enumerable.Range(0, 11).Select(number => $"arn:aws:iam::aws:policy/x{number}")]), "--policy-arn is given 11 times, and 10 are the most" },
        { "a policy one too long", new ScopeDraft { Policy = PolicyOf(2049) }, "the session policy (2049 characters without its white space) and the policy ARNs (0) are longer than 2048 characters together" },
        { "a policy and an ARN one too long together", new ScopeDraft { Policy = PolicyOf(2024), PolicyArns = ["arn:aws:iam::aws:policy/x"] }, "the session policy (2024 characters without its white space) and the policy ARNs (25) are longer" },
        { "a built policy that is too long", new ScopeDraft { Allow = ["*"], Resources = [Bucket(2048)] }, "the session policy (" },
        { "a tag without =", Tags("team"), "--tag 'team' has no '='; it must be KEY=VALUE" },
        { "a tag without a key", Tags("=ci"), "--tag '=ci': its key is empty" },
        { "a key one too long", Tags($"{Of(129)}=v"), $"--tag '{Of(129)}=v': its key has 129 characters, and 128 are the most" },
        { "a value one too long", Tags($"k={Of(257)}"), $"--tag 'k={Of(257)}': its value has 257 characters, and 256 are the most" },
        { "a key with a star", Tags("a*=v"), "--tag 'a*=v': its key has a character that is not a letter" },
        { "a value with a control character", Tags("k=a\tb"), "--tag 'k=a\tb': its value has a character" },
        { "a value with a newline at its end", Tags("k=v\n"), "--tag 'k=v\n': its value has a character" },
        { "AWS's own keys", Tags("aws:team=ci"), "--tag 'aws:team=ci': its key begins with aws:, which AWS keeps for itself" },
        { "AWS's own keys in another case", Tags("AWS:team=ci"), "--tag 'AWS:team=ci': its key begins with aws:" },
        { "AWS's own values", Tags("team=aws:ci"), "--tag 'team=aws:ci': its value begins with aws:" },
        { "a key twice", Tags("team=a", "team=b"), "--tag 'team' is given 2 times; AWS takes keys that differ only in case for the same" },
        { "a key in two cases", Tags("team=a", "Team=b"), "--tag 'team' is given 2 times" },
        { "one tag too many", Tags([.. Enumerable.Range(0, 51).Select(number => $"k{number}=v")]), "--tag is given 51 times, and 50 tags are the most" },
        { "a transitive key that is no tag's", new ScopeDraft { Tags = ["team=ci"], TransitiveTagKeys = ["Team"] }, "--transitive-tag 'Team' is not the key of a --tag" },
        { "a transitive key twice", new ScopeDraft { Tags = ["team=ci"], TransitiveTagKeys = ["team", "team"] }, "--transitive-tag 'team' is given more than once" },
        { "a source identity one too short", new ScopeDraft { SourceIdentity = "a" }, "--source-identity 'a' has 1 characters, and must have 2 to 64" },
        { "an empty source identity", new ScopeDraft { SourceIdentity = "" }, "--source-identity '' has 0 characters" },
        { "a source identity one too long", new ScopeDraft { SourceIdentity = Of(65) }, $"--source-identity '{Of(65)}' has 65 characters" },
        { "AWS's own source identities", new ScopeDraft { SourceIdentity = "aws:alice" }, "--source-identity 'aws:alice' begins with aws:" },
        { "a source identity with a space", new ScopeDraft { SourceIdentity = "a b" }, "--source-identity 'a b' has a character outside A-Z a-z 0-9 _ + = , . @ -" },
        { "an empty prefix", new ScopeDraft { SessionNamePrefix = "" }, "--session-name-prefix '' has 0 characters, and must have 1 to 51" },
        { "a prefix one too long", new ScopeDraft { SessionNamePrefix = Of(52) }, $"--session-name-prefix '{Of(52)}' has 52 characters" },
        { "a prefix with a slash", new ScopeDraft { SessionNamePrefix = "a/b" }, "--session-name-prefix 'a/b' has a character outside" },
        { "a device one too short", new ScopeDraft { MfaSerial = Of(8) }, "--mfa-serial 'xxxxxxxx' has 8 characters, and must have 9 to 256" },
        { "a device one too long", new ScopeDraft { MfaSerial = Of(257) }, $"--mfa-serial '{Of(257)}' has 257 characters" },
        { "a device with a space", new ScopeDraft { MfaSerial = "GAHT 12345678" }, "--mfa-serial 'GAHT 12345678' has a character outside" },
        { "a user's ARN for a device", new ScopeDraft { MfaSerial = "arn:aws:iam::123456789012:user/alice" }, "--mfa-serial 'arn:aws:iam::123456789012:user/alice' is an ARN, but not one of an MFA device" },
        { "a device of no name", new ScopeDraft { MfaSerial = "arn:aws:iam::123456789012:mfa/" }, "--mfa-serial 'arn:aws:iam::123456789012:mfa/' is an ARN, but not one of an MFA device" },
        { "a device of another partition", new ScopeDraft { MfaSerial = "arn:aws-cn:iam::123456789012:mfa/alice" }, "--mfa-serial 'arn:aws-cn:iam::123456789012:mfa/alice' is not of the partition aws" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_STS_would_refuse_is_told_before_the_call(string why, object scope, string problem)
    {
        Assert.False(Draft((ScopeDraft)scope).TryAccept(null, out Grant? grant, out IReadOnlyList<string> problems), why);
        Assert.Null(grant);
        Assert.StartsWith(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    public static TheoryData<string, object> Taken => new()
    {
        { "the longest policy", new ScopeDraft { Policy = PolicyOf(2048) } },
        { "the longest policy, with white space that goes", new ScopeDraft { Policy = new string(' ', 5000) + PolicyOf(2048) } },
        { "the longest policy and ARN", new ScopeDraft { Policy = PolicyOf(2023), PolicyArns = ["arn:aws:iam::aws:policy/x"] } },
        { "every policy ARN", Arns([.. Enumerable.Range(0, 10).Select(number => $"arn:aws:iam::123456789012:policy/team/x{number}")]) },
        { "the shortest policy ARN that there can be", Arns("arn:aws:iam::aws:policy/x") },
        { "the longest policy's name", Arns("arn:aws:iam::aws:policy/" + Of(128)) },
        { "every tag", Tags([.. Enumerable.Range(0, 50).Select(number => $"k{number}=v")]) },
        { "the longest key and value", Tags($"{Of(128)}={Of(256)}") },
        { "the shortest key, and no value", Tags("k=") },
        { "every letter of a tag", Tags("ключ_.:/+-@ 9=значение_.:/=+-@ 9") },
        { "a letter beyond 16 bits counts as one", Tags($"k={string.Concat(Enumerable.Repeat("𠀀", 256))}") },
        { "all tags transitive", new ScopeDraft { Tags = ["a=1", "b=2"], TransitiveTagKeys = ["b", "a"] } },
        { "the shortest source identity", new ScopeDraft { SourceIdentity = "ab" } },
        { "the longest source identity, of every letter", new ScopeDraft { SourceIdentity = "aZ09_+=,.@-" + Of(53) } },
        { "the shortest prefix", new ScopeDraft { SessionNamePrefix = "a" } },
        { "the longest prefix, of every letter", new ScopeDraft { SessionNamePrefix = "aZ09_+=,.@-" + Of(40) } },
        { "the shortest device", new ScopeDraft { MfaSerial = "GAHT12345" } },
        { "the longest device", new ScopeDraft { MfaSerial = Of(256) } },
        { "a device with a path", new ScopeDraft { MfaSerial = "arn:aws:iam::123456789012:mfa/team/alice" } },
    };

    [Theory]
    [MemberData(nameof(Taken))]
    public void What_is_at_a_limit_is_taken(string why, object scope)
    {
        bool isAccepted = Draft((ScopeDraft)scope).TryAccept(null, out Grant? grant, out IReadOnlyList<string> problems);

        Assert.True(isAccepted, $"{why}: {string.Join("; ", problems)}");
        Assert.InRange(Credentials.RoleRequest.For(grant!, "abc234abc234").SessionName.Length, 2, 64);
    }

    [Fact]
    public void All_problems_are_reported_at_once_with_those_of_the_rest()
    {
        GrantDraft draft = new("no-arn", null, null, "5m", null, null)
        {
            Scope = new ScopeDraft { Allow = ["x"], PolicyArns = ["y"], Tags = ["z", "aws:k=*"], TransitiveTagKeys = ["none"], SourceIdentity = "a", SessionNamePrefix = "/", MfaSerial = "1" },
        };

        Assert.False(draft.TryAccept(null, out _, out IReadOnlyList<string> problems));

        Assert.Equal(
            ["--role:", "--session-duration:", "--tag", "--allow", "--allow", "--policy-arn", "--tag", "--tag", "--transitive-tag", "--source-identity", "--session-name-prefix", "--mfa-serial"],
            problems.Select(problem => problem.Split(' ')[0]));
    }

    /// <summary>A good policy of this many characters.</summary>
    private static string PolicyOf(int length) => Policy.Replace("\"Resource\":\"*\"", $"\"Resource\":\"arn:aws:s3:::{Of(length - Policy.Length - "arn:aws:s3:::".Length + 1)}\"", StringComparison.Ordinal);

    private static string Bucket(int length) => "arn:aws:s3:::" + Of(length);

    private static string Of(int length) => new('x', length);

    private static ScopeDraft Arns(params string[] arns) => new() { PolicyArns = arns };

    private static ScopeDraft Tags(params string[] tags) => new() { Tags = tags };

    private static GrantDraft Draft(ScopeDraft scope, string role = Role) => new(role, null, null, null, null, null) { Scope = scope };

    private static Grant Accept(ScopeDraft scope, string role = Role)
    {
        Assert.True(Draft(scope, role).TryAccept(null, out Grant? grant, out IReadOnlyList<string> problems), string.Join("; ", problems));
        return grant!;
    }
}
