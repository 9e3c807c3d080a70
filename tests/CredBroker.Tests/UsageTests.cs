using System;
using System.Linq;
using System.Threading.Tasks;

namespace CredBroker.Tests;

/// <summary>What is typed wrong ends with 2, nothing on standard output, and lines that say what and where to look.</summary>
[Collection(HostEnvironmentTests.Name)]
public sealed class UsageTests : IDisposable
{
    private readonly HostEnvironment _environment = new();
    private readonly CommandUnderTest _test = new();

    public void Dispose()
    {
        _test.Dispose();
        _environment.Dispose();
    }

    public static TheoryData<string, string[], string[]> Mistakes => new()
    {
        { "no command", [], ["error: Required command was not provided.", "hint: See cred-broker --help."] },
        { "an unknown command", ["gran"], ["error: 'gran' is not a command or option here", "hint: See cred-broker --help."] },
        { "half a command", ["grant"], ["error: Required command was not provided.", "hint: See cred-broker grant --help."] },
        { "an unknown option", ["grant", "aws", "--role", Some.Role, "--rolle", "x"], ["error: '--rolle' is not a command or option here", "error: 'x' is not a command or option here", "hint: See cred-broker grant aws --help."] },
        { "no role", ["grant", "aws"], ["error: Option '--role' is required.", "hint: See cred-broker grant aws --help."] },
        { "no value", ["grant", "aws", "--role"], ["error: Required argument missing for option: '--role'.", "hint: See cred-broker grant aws --help."] },
        { "a role twice", ["grant", "aws", "--role", Some.Role, "--role", Some.Role], ["error: Option '--role' expects a single argument but 2 were provided.", "hint: See cred-broker grant aws --help."] },
        { "no name", ["grant", "show"], ["error: Required argument 'NAME' missing for command: 'show'.", "hint: See cred-broker grant show --help."] },
        { "run without a grant", ["run", "--", "true"], ["error: Option '--grant' is required.", "hint: See cred-broker run --help."] },
        { "run without a command", ["run", "--grant", "aws"], ["error: Required argument 'COMMAND' missing for command: 'run'.", "hint: See cred-broker run --help."] },
        { "run with a grant twice", ["run", "--grant", "aws=ci", "--grant", "aws=ci", "--", "true"], ["error: --grant names 'ci' more than once", "hint: See cred-broker grant list."] },
        { "run with the default grant behind another", ["run", "--grant", "aws=ci", "--grant", "aws", "--", "true"], ["error: --grant aws, the grant 'default', does not stand first", "hint: See cred-broker grant list."] },
        { "run without the dashes", ["run", "--grant", "aws", "true"], ["error: COMMAND does not stand after '--'", "hint: Write: cred-broker run --grant aws[=NAME]... -- COMMAND..."] },
        { "run with a grant of another provider", ["run", "--grant", "gcp", "--", "true"], ["error: --grant 'gcp' is not one of: aws, or aws=NAME", "hint: See cred-broker grant list."] },
        { "serve without a file for its token", ["serve", "--grant", "aws"], ["error: --grant is given without --token-file", "hint: See cred-broker serve --help."] },
        { "serve with a file for no token", ["serve", "--token-file", "t"], ["error: --token-file is given without --grant", "hint: See cred-broker serve --help."] },
        { "serve at one address twice", ["serve", "--listen", "http://127.0.0.1:8181", "--listen", "http://127.0.0.1:8181"], ["error: --listen 'http://127.0.0.1:8181' is given more than once", "hint: See cred-broker serve --help."] },
        { "serve with empty paths", ["serve", "--store", "", "--control", "", "--grant", "aws", "--token-file", ""], ["error: --store is empty", "error: --control is empty", "error: --token-file is empty", "hint: See cred-broker serve --help."] },
        { "serve with a control socket that is too long", ["serve", "--control", "/" + new string('x', 107)], ["error: --control '/xxx", "hint: See cred-broker serve --help."] },
        { "a session without a grant", ["session", "create"], ["error: Option '--grant' is required.", "hint: See cred-broker session create --help."] },
        { "a session: all that is wrong at once", ["session", "create", "--grant", "gcp", "--grant", "aws", "--grant", "aws", "--token-file", ""], ["error: --grant 'gcp' is not one of", "error: --grant names 'default' more than once", "error: --token-file is empty", "hint: See cred-broker session create --help."] },
        { "a session that has no such id", ["session", "revoke", "../../etc"], ["error: ID is not a session's", "hint: See cred-broker session list."] },
        { "serve: all that is wrong at once", ["serve", "--grant", "gcp", "--token-file", "t", "--listen", "http://0.0.0.0:80"], ["error: --grant 'gcp' is not one of", "error: --listen 'http://0.0.0.0:80' is not a loopback address", "hint: See cred-broker serve --help."] },
        {
            "serve: all that is wrong with where it listens",
            [
                "serve", "--grant", "aws", "--token-file", "t", "--listen", "http://0.0.0.0:80", "--listen", "unix:x", "--listen", "https://0.0.0.0:8443", "--tls-cert", "c.pem",
                "--socket-mode", "rw", "--socket-group", "no-such-group", "--host", "a b",
            ],
            [
                "error: --listen 'http://0.0.0.0:80' is not a loopback address: tokens and credentials would cross a network in the clear. Use https:// or unix:, or allow it with --insecure-listen",
                "error: --listen 'unix:x' does not name a socket by its full path", "error: --listen https:// needs both --tls-cert and --tls-key", "error: --socket-mode 'rw' is not a mode",
                "error: --socket-group 'no-such-group' is not a group of this host", "error: --host 'a b' is not a host's name", "hint: See cred-broker serve --help.",
            ]
        },
        { "serve: a certificate and no https", ["serve", "--grant", "aws", "--token-file", "t", "--tls-cert", "c.pem", "--tls-key", "k.pem"], ["error: --tls-cert and --tls-key are for --listen https://", "hint: See cred-broker serve --help."] },
        { "serve: a mode that is none for a socket", ["serve", "--grant", "aws", "--token-file", "t", "--socket-mode", "4755"], ["error: --socket-mode '4755' is not a mode", "hint: See cred-broker serve --help."] },
        { "a helper that there is none of", ["helper", "extract", "--rid", "win-x64"], ["error: --rid 'win-x64': there is no helper for it", "hint: There are linux-x64 and linux-arm64."] },
        {
            "a grant: all that is wrong at once",
            ["grant", "aws", "--role", "no-arn", "--name", "a b", "--session-duration", "1hr", "--external-id", "x", "--region", "nowhere", "--aws-profile", "none"],
            [
                "error: --name 'a b' must be", "error: --role: the role ARN has 6 characters", "error: --session-duration: '1hr' is not a duration", "error: --external-id has 1 characters",
                "error: --region 'nowhere' is not", "error: --aws-profile 'none' is not in the host's AWS config", "hint: Nothing has been stored. See cred-broker grant aws --help.",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake(string why, string[] arguments, string[] lines)
    {
        CommandEnd end = await _test.RunAsync(arguments);

        Assert.Equal((why, 2, ""), (why, end.ExitCode, end.Output));
        string[] printed = end.Error.Split('\n');
        Assert.Equal((lines.Length + 1, ""), (printed.Length, printed[^1]));
        Assert.All(lines.Zip(printed), pair => Assert.StartsWith("cred-broker: " + pair.First, pair.Second, StringComparison.Ordinal));
        Assert.Equal(0, _test.Sts.Calls);
        Assert.Empty(_test.Folder.Names);
    }
}
