using System;
using System.IO;
using System.Threading.Tasks;
using CredBroker.Credentials;

namespace CredBroker.Tests;

/// <summary>grant aws, list, show, revoke: what they print and what they store.</summary>
[Collection(HostEnvironmentTests.Name)]
public sealed class GrantCommandTests : IDisposable
{
    private readonly HostEnvironment _environment = new();
    private readonly CommandUnderTest _test = new();

    public GrantCommandTests() => _test.Sts.Answer = (_, _) => new AssumeRoleResult(Some.Credentials(DateTimeOffset.MaxValue));

    public void Dispose()
    {
        _test.Dispose();
        _environment.Dispose();
    }

    [Fact]
    public async Task A_grant_is_stored_once_the_role_has_been_tried()
    {
        CommandEnd end = await _test.RunAsync("grant", "aws", "--role", Some.Role, "--region", "eu-central-1");

        Assert.Equal(
            new CommandEnd(
                0,
                """
                Stored the grant 'default': arn:aws:iam::123456789012:role/reader in eu-central-1, 1h a session.
                Use it: cred-broker run --grant aws -- COMMAND

                """,
                ""),
            end);
        RoleRequest tried = (await _test.Sts.NextAsync()).Request;
        Assert.Matches(@"\Acred-broker-verify-[a-z2-9]{12}\z", tried.SessionName);
        Assert.Equal(new RoleRequest(Some.Role, "eu-central-1", 3600, null, null, tried.SessionName), tried);
        Assert.Equal(1, _test.Sts.Calls);
    }

    [Fact]
    public async Task A_grant_with_everything_replaces_one()
    {
        _environment.WriteConfig("[profile work]\nregion = eu-west-1\n");
        await _test.RunAsync("grant", "aws", "--role", Some.Role, "--name", "ci", "--no-verify");
        CommandEnd end = await _test.RunAsync(
            "grant", "aws", "--role", Some.Role, "--name", "ci", "--session-duration", "1h30m", "--external-id", "the:id", "--aws-profile", "work", "--no-verify");

        Assert.Equal(
            new CommandEnd(
                0,
                """
                Replaced the grant 'ci': arn:aws:iam::123456789012:role/reader in eu-west-1, 1h30m a session; the role has not been tried.
                Use it: cred-broker run --grant aws=ci -- COMMAND

                """,
                ""),
            end);
        Assert.Equal(0, _test.Sts.Calls);
    }

    [Fact]
    public async Task A_role_that_cannot_be_assumed_is_not_stored()
    {
        await _test.RunAsync("grant", "aws", "--role", Some.Role, "--no-verify");
        string before = await File.ReadAllTextAsync(_test.GrantsFile);
        _test.Sts.Answer = (_, _) => new AssumeRoleResult(Some.Refusal);

        CommandEnd end = await _test.RunAsync("grant", "aws", "--role", "arn:aws:iam::123456789012:role/other");

        Assert.Equal(
            new CommandEnd(
                1,
                "",
                """
                cred-broker: error: AWS says no
                cred-broker: hint: Ask for it
                cred-broker: hint: In full: in AWS's own words
                cred-broker: hint: Nothing has been stored. With --no-verify the grant is stored without trying the role.

                """),
            end);
        Assert.Equal(before, await File.ReadAllTextAsync(_test.GrantsFile));
    }

    [Fact]
    public async Task Grants_are_listed()
    {
        Assert.Equal(new CommandEnd(0, "There are no grants. Make one: cred-broker grant aws --role ROLE-ARN\n", ""), await _test.RunAsync("grant", "list"));
        Assert.Equal(new CommandEnd(0, "[]\n", ""), await _test.RunAsync("grant", "list", "--json"));
        await _test.RunAsync("grant", "aws", "--role", Some.Role, "--no-verify");
        await _test.RunAsync("grant", "aws", "--role", "arn:aws-cn:iam::123456789012:role/ci", "--name", "ci", "--session-duration", "30m", "--preset", "bedrock", "--policy-arn", "arn:aws-cn:iam::aws:policy/AmazonBedrockReadOnly", "--no-verify");

        Assert.Equal(
            new CommandEnd(
                0,
                """
                NAME     ROLE                                   REGION      DURATION  PROFILE  NARROWED BY
                ci       arn:aws-cn:iam::123456789012:role/ci   cn-north-1  30m       -        preset bedrock, 1 policy ARN
                default  arn:aws:iam::123456789012:role/reader  us-east-1   1h        -        -

                """,
                ""),
            await _test.RunAsync("grant", "list"));
    }

    [Fact]
    public async Task A_grant_is_shown()
    {
        await _test.RunAsync("grant", "aws", "--role", Some.Role, "--external-id", "the:id", "--no-verify");

        Assert.Equal(
            new CommandEnd(
                0,
                """
                name                 default
                role                 arn:aws:iam::123456789012:role/reader
                region               us-east-1
                session duration     1h
                external id          the:id
                aws profile          - (the SDK's usual chain)
                session policy       - (all that the role may do)
                source identity      -
                session name prefix  cred-broker (the default)
                mfa device           -

                """,
                ""),
            await _test.RunAsync("grant", "show", "default"));
        Assert.Equal(
            """
            {
              "name": "default",
              "roleArn": "arn:aws:iam::123456789012:role/reader",
              "region": "us-east-1",
              "durationSeconds": 3600,
              "externalId": "the:id"
            }

            """,
            (await _test.RunAsync("grant", "show", "default", "--json")).Output);
    }

    [Fact]
    public async Task What_narrows_a_grant_is_shown()
    {
        await _test.RunAsync(
            "grant", "aws", "--role", Some.Role, "--allow", "s3:GetObject", "--resource", "arn:aws:s3:::b/*", "--policy-arn", "arn:aws:iam::aws:policy/ReadOnlyAccess",
            "--tag", "team=ci", "--tag", "cost=1", "--transitive-tag", "team", "--source-identity", "alice", "--session-name-prefix", "agents", "--mfa-serial", "GAHT12345", "--no-verify");

        Assert.Equal(
            """
            name                 default
            role                 arn:aws:iam::123456789012:role/reader
            region               us-east-1
            session duration     1h
            external id          -
            aws profile          - (the SDK's usual chain)
            session policy       {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::b/*"]}]}
            policy arn           arn:aws:iam::aws:policy/ReadOnlyAccess
            tag, transitive      team=ci
            tag                  cost=1
            source identity      alice
            session name prefix  agents
            mfa device           GAHT12345

            """,
            (await _test.RunAsync("grant", "show", "default")).Output);
        string json = (await _test.RunAsync("grant", "show", "default", "--json")).Output;
        Assert.Contains("""  "policy": {"Version":"2012-10-17","Statement":[{"Effect":"Allow",""", json, StringComparison.Ordinal);
        Assert.Contains("\"sourceIdentity\": \"alice\"", json, StringComparison.Ordinal);
        Assert.Contains("\"sourceIdentity\": \"alice\"", (await _test.RunAsync("grant", "list", "--json")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_file_is_copied_and_what_becomes_of_it_later_changes_nothing()
    {
        string file = _test.Folder.Write("policy.json", "\uFEFF{\n  \"Statement\": { \"Effect\": \"Allow\", \"Action\": \"s3:Get*\", \"Resource\": \"*\" }\n}\n");
        Assert.Equal(0, (await _test.RunAsync("grant", "aws", "--role", Some.Role, "--policy", file)).ExitCode);
        File.Delete(file);

        string shown = (await _test.RunAsync("grant", "show", "default")).Output;

        const string policy = """{"Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}""";
        Assert.Contains($"session policy       {policy}\n", shown, StringComparison.Ordinal);
        Assert.Equal(policy, (await _test.Sts.NextAsync()).Request.Policy);
    }

    [Theory]
    [InlineData("no such file", "missing", "--policy: cannot read ")]
    [InlineData("a folder", ".", "--policy: cannot read ")]
    [InlineData("no name", "", "--policy: cannot read it: the file's name is empty")]
    [InlineData("a device without end", "/dev/zero", "--policy: /dev/zero has more than 64 KiB")]
    [InlineData("no text", "/proc/self/exe", "--policy: /proc/self/exe ")]
    public async Task A_policy_file_that_cannot_be_read_is_one_problem_of_all(string why, string file, string problem)
    {
        CommandEnd end = await _test.RunAsync("grant", "aws", "--role", Some.Role, "--region", "nowhere", "--policy", file is "missing" or "." ? _test.Folder[file] : file);

        Assert.Equal((why, 2, ""), (why, end.ExitCode, end.Output));
        Assert.Contains("error: --region 'nowhere' is not a region's name", end.Error, StringComparison.Ordinal);
        Assert.Contains("error: " + problem, end.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_test.GrantsFile));
    }

    [Fact]
    public async Task A_grant_is_revoked_once()
    {
        await _test.RunAsync("grant", "aws", "--role", Some.Role, "--no-verify");
        await _test.RunAsync("grant", "aws", "--role", Some.Role, "--name", "ci", "--no-verify");

        Assert.Equal(
            new CommandEnd(0, "Revoked the grant 'ci'. Credentials that AWS has issued already last to their own end.\n", ""),
            await _test.RunAsync("grant", "revoke", "ci"));
        CommandEnd again = await _test.RunAsync("grant", "revoke", "ci");
        Assert.Equal((1, ""), (again.ExitCode, again.Output));
        Assert.Equal(
            """
            cred-broker: error: there is no grant 'ci' (there are default)
            cred-broker: hint: See cred-broker grant list.

            """,
            again.Error);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show", "default")]
    [InlineData("revoke", "default")]
    [InlineData("aws", "--role", Some.Role)]
    public async Task A_grants_file_that_is_damaged_stops_every_command_and_stays(params string[] arguments)
    {
        _test.Folder.Write("grants.json", "{");

        CommandEnd end = await _test.RunAsync(["grant", .. arguments]);

        Assert.Equal((1, ""), (end.ExitCode, end.Output));
        Assert.StartsWith($"cred-broker: error: cannot read the grants in {_test.GrantsFile}: it is not valid JSON of grants, in line 1\ncred-broker: hint: ", end.Error, StringComparison.Ordinal);
        Assert.Equal("{", await File.ReadAllTextAsync(_test.GrantsFile));
    }

    [Fact]
    public async Task Helpers_are_listed_and_extracted()
    {
        CommandEnd list = await _test.RunAsync("helper", "list");
        Assert.Equal((0, ""), (list.ExitCode, list.Error));
        Assert.Matches(@"\Alinux-x64 +[0-9]+  [0-9a-f]{64}\nlinux-arm64 +[0-9]+  [0-9a-f]{64}\n\z", list.Output);

        CommandEnd file = await _test.RunAsync("helper", "extract", "--rid", "linux-arm64", "-o", _test.Folder["helper"]);
        CommandEnd folder = await _test.RunAsync("helper", "extract", "-o", _test.Folder.FolderPath);
        CommandEnd nowhere = await _test.RunAsync("helper", "extract", "-o", _test.Folder["missing/helper"]);

        Assert.Equal((0, ""), (file.ExitCode, file.Error));
        Assert.Equal((0, ""), (folder.ExitCode, folder.Error));
        Assert.EndsWith($"  {_test.Folder["helper"]}\n", file.Output, StringComparison.Ordinal);
        Assert.EndsWith($"  {_test.Folder["aws-cred"]}\n", folder.Output, StringComparison.Ordinal);
        Assert.Equal((1, ""), (nowhere.ExitCode, nowhere.Output));
        Assert.Equal(["aws-cred", "helper"], _test.Folder.Names);
    }
}
