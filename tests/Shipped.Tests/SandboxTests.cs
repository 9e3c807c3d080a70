using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>The helper where there is nothing but the helper.</summary>
public sealed class SandboxTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aws-cred-sandbox-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("as root", 0, "linux-x64", "http")]
    [InlineData("as nobody", 65534, "linux-x64", "http")]
    [InlineData("as nobody", 65534, "linux-arm64", "http")]
    [InlineData("as a user that no file knows", 12345, "linux-x64", "http")]
    [InlineData("as a user that no file knows", 12345, "linux-x64", "unix")]
    [InlineData("as a user that no file knows", 12345, "linux-x64", "https")]
    [InlineData("as a user that no file knows", 12345, "linux-arm64", "unix")]
    [InlineData("as a user that no file knows", 12345, "linux-arm64", "https")]
    public async Task Gets_credentials_in_an_empty_root(string who, int userId, string rid, string scheme)
    {
        await using SchemeBroker broker = new(scheme);

        ProcessResult result = await RunAsync(new Sandbox
        {
            Environment = broker.Settings,
            Files = [new(broker.Folder, broker.Folder)],
            UserId = userId,
            Rid = rid,
        });

        Assert.Equal((who, (0, Sentinel.Document + "\n", "")), (who, result.All));
    }

    [Fact]
    public async Task Reads_a_mounted_token_as_another_user()
    {
        await using ScriptedBroker broker = ScriptedBroker.Start(BrokerPlay.Ok(Sentinel.Document));

        ProcessResult result = await RunAsync(new Sandbox
        {
            Environment = [new("AWS_CRED_URL", broker.Url), new("AWS_CRED_TOKEN_FILE", "/token")],
            Files = [new("/token", File("token", Sentinel.Token))],
            UserId = 4242,
        });

        Assert.Equal((0, Sentinel.Document + "\n", ""), result.All);
        Assert.Contains($"\r\nAuthorization: Bearer {Sentinel.Token}\r\n", Assert.Single(broker.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_a_token_file_may_not_be_read()
    {
        string token = File("token", Sentinel.Token);
        System.IO.File.SetUnixFileMode(token, UnixFileMode.None);

        ProcessResult result = await RunAsync(new Sandbox
        {
            Environment = [new("AWS_CRED_URL", "http://127.0.0.1:1"), new("AWS_CRED_TOKEN_FILE", "/token")],
            Files = [new("/token", token)],
        });

        AssertFailure(
            2,
            "the token file in AWS_CRED_TOKEN_FILE (/token): this user may not read it",
            "Mount the file that the broker wrote, readable for the user that runs this command.",
            result);
    }

    [Fact]
    public async Task Resolves_by_the_hosts_file_whatever_nsswitch_names()
    {
        await using ScriptedBroker broker = ScriptedBroker.Start(BrokerPlay.Ok(Sentinel.Document));

        ProcessResult result = await RunAsync(new Sandbox
        {
            Environment = Settings($"http://broker.test:{broker.Port}"),
            Files =
            [
                new("/etc/hosts", File("hosts", "127.0.0.1 broker.test\n")),
                new("/etc/nsswitch.conf", File("nsswitch.conf", "hosts: mymachines resolve [!UNAVAIL=return]\n")),
            ],
        });

        Assert.Equal((0, Sentinel.Document + "\n", ""), result.All);
        Assert.Contains($"\r\nHost: broker.test:{broker.Port}\r\n", Assert.Single(broker.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_a_name_does_not_resolve()
    {
        ProcessResult result = await RunAsync(new Sandbox { Environment = Settings("http://broker.test"), HasNetwork = false });

        AssertFailure(
            1,
            "cannot resolve the broker's host broker.test: no name server answers",
            "Check the host in AWS_CRED_URL, and /etc/hosts and /etc/resolv.conf in this container.",
            result);
    }

    [Fact]
    public async Task Tells_of_the_address_that_could_be_tried()
    {
        ProcessResult result = await RunAsync(new Sandbox
        {
            Environment = Settings("http://broker.test:1"),
            Files =
            [
                new("/etc/hosts", File("hosts", "127.0.0.1 broker.test\nfd00:db8::1 broker.test\n")),
                new("/etc/host.conf", File("host.conf", "multi on\n")),
            ],
            HasNetwork = false, // nor a route to fd00:db8::1
        });

        AssertFailure(
            1,
            "cannot connect to the broker at 127.0.0.1:1: connection refused",
            "Is the broker running, and reachable from here at the address in AWS_CRED_URL?",
            result);
    }

    private static Task<ProcessResult> RunAsync(Sandbox sandbox) => ProcessRun.RunAsync(sandbox.Command, []);

    private static KeyValuePair<string, string>[] Settings(string url) => [new("AWS_CRED_URL", url), new("AWS_CRED_TOKEN", Sentinel.Token)];

    private static void AssertFailure(int exitCode, string error, string hint, ProcessResult result)
    {
        Assert.Equal((exitCode, "", $"aws-cred: error: {error}\naws-cred: hint: {hint}\n"), result.All);
        Sentinel.AssertNotIn(result.ErrorBytes);
    }

    private string File(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
