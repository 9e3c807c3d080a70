using System;
using System.IO;
using System.Net.Sockets;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

namespace CredBroker.Tests;

/// <summary><c>session create|list|revoke</c> against a control socket.</summary>
public sealed class SessionCommandTests : IAsyncLifetime, IDisposable
{
    private readonly CommandUnderTest _test = new();
    private ControlUnderTest _broker = null!;

    public async Task InitializeAsync() => _broker = await ControlUnderTest.StartAsync(_test.Folder);

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task A_session_is_made_listed_and_revoked()
    {
        CommandEnd made = await _test.RunAsync("session", "create", "--grant", "aws=writer", "--grant", "aws", "--ttl", "1d", "--idle", "2h", "--label", "build 17");

        string[] lines = made.Output.Split('\n');
        Assert.Equal((0, "", 4, $"AWS_CRED_URL={ControlUnderTest.Url}"), (made.ExitCode, made.Error, lines.Length, lines[0]));
        string id = Assert.Single(_broker.Sessions.Live).Session.Id;
        Assert.Equal(id, _broker.Sessions.Find(lines[1].AsSpan("AWS_CRED_TOKEN=".Length))?.Session.Id);
        Assert.Equal($"CRED_BROKER_SESSION={id}", lines[2]);
        Assert.Equal(
            new CommandEnd(0, $"ID            GRANTS          ENDS                  IDLE  LAST USED             LABEL\n{id}  writer,default  2026-03-15T15:09:26Z  2h    2026-03-14T15:09:26Z  build 17\n", ""),
            await _test.RunAsync("session", "list"));
        Assert.Equal(new CommandEnd(0, $"Revoked the session '{id}'. Credentials that AWS has issued already last to their own end.\n", ""), await _test.RunAsync("session", "revoke", id));
        Assert.Equal(0, _broker.Sessions.Count);
        Assert.Equal(new CommandEnd(0, "There are no sessions. Make one: cred-broker session create --grant aws\n", ""), await _test.RunAsync("session", "list"));
        Assert.Equal(new CommandEnd(1, "", $"cred-broker: error: there is no session '{id}'\ncred-broker: hint: See cred-broker session list.\n"), await _test.RunAsync("session", "revoke", id));
    }

    [Fact]
    public async Task The_token_goes_into_a_file_that_is_this_users_alone()
    {
        CommandEnd made = await _test.RunAsync("session", "create", "--grant", "aws", "--token-file", _test.Folder["token"]);

        Assert.Equal(["AWS_CRED_URL", "AWS_CRED_TOKEN_FILE", "CRED_BROKER_SESSION", ""], made.Output.Split('\n').Select(line => line.Split('=')[0]));
        Assert.Equal("600", Modes.Of(_test.Folder["token"]));
        string token = (await File.ReadAllTextAsync(_test.Folder["token"])).TrimEnd('\n');
        Assert.NotNull(_broker.Sessions.Find(token));
        Assert.DoesNotContain(token, made.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("with the token", false)]
    [InlineData("with the file that it is in", true)]
    public async Task As_JSON(string why, bool isFile)
    {
        CommandEnd made = await _test.RunAsync(["session", "create", "--grant", "aws", "--json", .. isFile ? (string[])["--token-file", _test.Folder["token"]] : []]);

        JsonElement json = JsonDocument.Parse(made.Output).RootElement;
        Assert.Equal((why, 0, !isFile, isFile), (why, made.ExitCode, json.TryGetProperty("token", out _), json.TryGetProperty("tokenFile", out _)));
        Assert.Equal([json.GetProperty("id").GetString()], JsonDocument.Parse((await _test.RunAsync("session", "list", "--json")).Output).RootElement.EnumerateArray().Select(session => session.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task A_token_that_cannot_be_written_leaves_no_session()
    {
        CommandEnd made = await _test.RunAsync("session", "create", "--grant", "aws", "--token-file", _test.Folder["missing/token"]);

        Assert.Equal((1, "", 0), (made.ExitCode, made.Output, _broker.Sessions.Count));
        Assert.StartsWith("cred-broker: error: cannot hand over the session's token: ", made.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_the_broker_finds_wrong_is_said_at_once()
    {
        CommandEnd made = await _test.RunAsync("session", "create", "--grant", "aws=none", "--ttl", "1s", "--label", "\u0007");

        Assert.Equal(
            new CommandEnd(
                2,
                "",
                """
                cred-broker: error: grants: there is no grant 'none'; make it: cred-broker grant aws --name none --role ROLE-ARN
                cred-broker: error: ttl: '1s' is shorter than 1m, the least
                cred-broker: error: label: it has a character that is not a printable one of ASCII
                cred-broker: hint: No session has been made. See cred-broker session create --help, and cred-broker grant list.

                """),
            made);
    }

    [Theory]
    [InlineData("no socket", "nowhere.sock", "there is no such socket")]
    [InlineData("no broker", "dead.sock", "nobody listens there any more")]
    [InlineData("a file", "file", "it is not a socket")]
    public async Task Without_a_broker(string why, string name, string because)
    {
        _test.Folder.Write("file", "");
        // As a broker that was killed leaves it.
        using (Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(_test.Folder["bound.sock"]));
            File.Move(_test.Folder["bound.sock"], _test.Folder["dead.sock"]);
        }

        CommandEnd end = await _test.RunAsync("session", "list", "--control", _test.Folder[name]);

        Assert.Equal(
            (why, new CommandEnd(1, "", $"cred-broker: error: no broker answers at {_test.Folder[name]}: {because}\ncred-broker: hint: Start one: cred-broker serve; or name the socket that it printed with --control.\n")),
            (why, end));
    }
}
