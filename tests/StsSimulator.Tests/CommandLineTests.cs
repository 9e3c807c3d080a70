using System;

namespace StsSimulator.Tests;

public class CommandLineTests
{
    private const string Good = "--account 123456789012 --user demo --access-key-id AKIADEMO000000000000 --role deploy";

    [Theory]
    [InlineData("nothing", "", "secret", "--account is missing")]
    [InlineData("no role", "--account 123456789012 --user demo --access-key-id AKIA", "secret", "--role is missing")]
    [InlineData("unknown", Good + " --secret x", "secret", "unknown argument '--secret'")]
    [InlineData("no value", Good + " --port", "secret", "--port needs a value")]
    [InlineData("twice", Good + " --user demo", "secret", "--user is given twice")]
    [InlineData("short account", "--account 1234 --user demo --access-key-id AKIA --role r", "secret", "'arn:aws:iam::1234:role/r' is no role's ARN: an account has 12 digits, a role 1 to 64 of A-Z a-z 0-9 _+=,.@-")]
    [InlineData("no such port", Good + " --port 65536", "secret", "--port is 0 to 65535")]
    [InlineData("short session", Good + " --max-duration 900", "secret", "--max-duration is 3600 to 43200 seconds")]
    [InlineData("no secret", Good, null, "STS_SIMULATOR_SECRET_ACCESS_KEY is not set")]
    public void Says_what_is_wrong(string why, string arguments, string? secret, string error)
    {
        Assert.False(CommandLine.TryParse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), secret, out _, out string? said));
        Assert.Equal((why, error), (why, said));
    }

    [Fact]
    public void Makes_a_role_that_the_user_may_assume()
    {
        string[] arguments = (Good + " --external-id x-1 --max-duration 7200 --port 8080 --until-stdin-closes").Split(' ');

        Assert.True(CommandLine.TryParse(arguments, "secret", out CommandLine? commandLine, out _));

        SimulatedRole role = Assert.Single(commandLine.Configuration.Roles);
        Assert.Equal(("arn:aws:iam::123456789012:role/deploy", "x-1", TimeSpan.FromHours(2)), (role.Arn, role.ExternalId, role.MaxSessionDuration));
        Assert.Equal(["arn:aws:iam::123456789012:root"], role.TrustedPrincipals);
        SimulatedUser user = Assert.Single(commandLine.Configuration.Users);
        Assert.Equal(("arn:aws:iam::123456789012:user/demo", "AKIADEMO000000000000", "secret"), (user.Arn, user.AccessKeyId, user.SecretAccessKey));
        Assert.Equal((8080, true), (commandLine.Configuration.Port, commandLine.UntilStdinCloses));
    }
}
