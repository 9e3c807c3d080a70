using System;
using System.Text;

namespace AwsCred.Tests;

public unsafe class SettingsTests
{
    private const string All =
        "AWS_CRED_URL=u1 AWS_CRED_TOKEN=t1 AWS_CRED_TOKEN_FILE=f1 " +
        "MOAT_AWS_CREDENTIAL_URL=u2 MOAT_AWS_CREDENTIAL_TOKEN=t2 " +
        "AGENTOPS_CREDENTIAL_URL=u3 AGENTOPS_CREDENTIAL_TOKEN=t3 " +
        "AWS_CONTAINER_CREDENTIALS_FULL_URI=u4 AWS_CONTAINER_AUTHORIZATION_TOKEN=t4 AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=f4";

    private const string NoBroker =
        "no broker is configured: AWS_CRED_URL is not set | " +
        "Start the command with `cred-broker run --grant aws -- COMMAND`, or set AWS_CRED_URL and AWS_CRED_TOKEN (see aws-cred --help).";

    private const string NoToken =
        "AWS_CRED_URL is set, but no token: AWS_CRED_TOKEN is not set or empty | " +
        "Set AWS_CRED_TOKEN, or AWS_CRED_TOKEN_FILE to the file that holds it; the broker shows a session's token when it makes the session.";

    private const string NoMoatToken =
        "MOAT_AWS_CREDENTIAL_URL is set, but no token: MOAT_AWS_CREDENTIAL_TOKEN is not set or empty | " +
        "Set MOAT_AWS_CREDENTIAL_TOKEN; the broker shows a session's token when it makes the session.";

    private const string Moat = "MOAT_AWS_CREDENTIAL_URL=u2 MOAT_AWS_CREDENTIAL_TOKEN=t2";
    private const string AgentOps = "AGENTOPS_CREDENTIAL_URL=u3 AGENTOPS_CREDENTIAL_TOKEN=t3";
    private const string Container = "AWS_CONTAINER_CREDENTIALS_FULL_URI=u4";
    private const string ContainerToken = "AWS_CONTAINER_AUTHORIZATION_TOKEN";

    [Theory]
    [InlineData("ours first, the file before the token", All, "AWS_CRED_URL: url u1, token , file f1")]
    [InlineData("ours with a token", "AWS_CRED_TOKEN=t AWS_CRED_URL=u", "AWS_CRED_URL: url u, token t, file ")]
    [InlineData("ours with a file", "AWS_CRED_TOKEN_FILE=f AWS_CRED_URL=u", "AWS_CRED_URL: url u, token , file f")]
    [InlineData("an empty file is none", "AWS_CRED_URL=u AWS_CRED_TOKEN_FILE= AWS_CRED_TOKEN=t", "AWS_CRED_URL: url u, token t, file ")]
    [InlineData("an empty URL is none", "AWS_CRED_URL= AWS_CRED_TOKEN=t " + Moat, "MOAT_AWS_CREDENTIAL_URL: url u2, token t2, file ")]
    [InlineData("moat before agentops", AgentOps + " " + Moat, "MOAT_AWS_CREDENTIAL_URL: url u2, token t2, file ")]
    [InlineData("agentops before the container's", Container + " " + AgentOps, "AGENTOPS_CREDENTIAL_URL: url u3, token t3, file ")]
    [InlineData("the container's, token as it stands", $"{Container} {ContainerToken}=Basic:t4", "container AWS_CONTAINER_CREDENTIALS_FULL_URI: url u4, token Basic:t4, file ")]
    [InlineData("the container's with a file", $"{Container} {ContainerToken}=t {ContainerToken}_FILE=f4", "container AWS_CONTAINER_CREDENTIALS_FULL_URI: url u4, token , file f4")]
    [InlineData("the container's without a token", Container, "container AWS_CONTAINER_CREDENTIALS_FULL_URI: url u4, token , file ")]
    [InlineData("one set's token is not another's", Container + " AWS_CRED_TOKEN=t1", "container AWS_CONTAINER_CREDENTIALS_FULL_URI: url u4, token , file ")]
    [InlineData("an equals sign in a value", "AWS_CRED_URL=u=v AWS_CRED_TOKEN==", "AWS_CRED_URL: url u=v, token =, file ")]
    [InlineData("names that begin alike", "AWS_CRED_URLS=x AWS_CRED_URL=u AWS_CRED_TOKENS=y AWS_CRED_TOKEN=t", "AWS_CRED_URL: url u, token t, file ")]
    public void Takes_the_first_that_is_set(string why, string environment, string expected) => Assert.Equal((why, expected), (why, Read(environment)));

    [Theory]
    [InlineData("nothing at all", "PATH=/bin", NoBroker)]
    [InlineData("a token alone", "AWS_CRED_TOKEN=t", NoBroker)]
    [InlineData("another case of the name", "aws_cred_url=u aws_cred_token=t", NoBroker)]
    [InlineData("no token", "AWS_CRED_URL=u", NoToken)]
    [InlineData("an empty token", "AWS_CRED_URL=u AWS_CRED_TOKEN=", NoToken)]
    [InlineData("no token of moat's", "MOAT_AWS_CREDENTIAL_URL=u AWS_CRED_TOKEN=t", NoMoatToken)]
    [InlineData("ours without a token is no reason to ask another", "AWS_CRED_URL=u AWS_CONTAINER_CREDENTIALS_FULL_URI=u4", NoToken)]
    public void Refuses(string why, string environment, string expected) => Assert.Equal((why, expected), (why, Read(environment)));

    [Theory]
    [InlineData("a word", "sekrit-0123._~+/=", false, null)]
    [InlineData("empty", "", false, " is empty")]
    [InlineData("a space", "Bearer t", false, " contains a space")]
    [InlineData("a space in a whole header", "Basic dDp0", true, null)]
    [InlineData("a leading space", " t", true, " contains a space")]
    [InlineData("a trailing space", "t ", true, " contains a space")]
    [InlineData("a trailing newline", "t\n", false, " contains a line break or another control character")]
    [InlineData("a header more", "t\r\nX-A: b", true, " contains a line break or another control character")]
    [InlineData("a tab", "a\tb", true, " contains a line break or another control character")]
    [InlineData("DEL", "a\u007F", false, " contains a line break or another control character")]
    [InlineData("outside ASCII", "t\u00E9", false, " contains a character outside ASCII")]
    public void Knows_a_token(string why, string token, bool mayHaveSpaces, string? reason) =>
        Assert.Equal((why, Refusal(reason)), (why, Check(token, mayHaveSpaces)));

    [Theory]
    [InlineData(Settings.MaximumToken, null)]
    [InlineData(Settings.MaximumToken + 1, " is longer than 8192 bytes")]
    public void Keeps_tokens_to_a_length(int length, string? reason) => Assert.Equal(Refusal(reason), Check(new string('t', length), false));

    private static Report? Refusal(string? reason) => reason is null
        ? null
        : new Report(ExitCode.Usage, $"the token in THE_VARIABLE{reason}", "Copy it again: a token is one word of printable ASCII.");

    private static Report? Check(string token, bool mayHaveSpaces)
    {
        byte* memory = stackalloc byte[Problem.Memory];
        Problem problem = new(memory);
        return Settings.IsToken(Encoding.Latin1.GetBytes(token), "THE_VARIABLE"u8, mayHaveSpaces, ref problem) ? null : Report.Of(problem);
    }

    private static string Read(string environment)
    {
        byte* memory = stackalloc byte[Problem.Memory];
        Problem problem = new(memory);
        if (!Settings.TryRead(new EnvironmentBlock(Ordinary.Block(environment.Split(' '))), new EnvironmentBlock(Ordinary.Block(environment.Split(' '))), out Settings settings, ref problem))
        {
            Report report = Report.Of(problem);
            Assert.Equal(ExitCode.Usage, report.Exit);
            return $"{report.Line} | {report.Hint}";
        }

        string kind = settings.IsContainer ? "container " : "";
        return $"{kind}{Text(settings.UrlName)}: url {Text(settings.Url)}, token {Text(settings.Token)}, file {Text(settings.TokenFile)}";
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
