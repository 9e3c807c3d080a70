using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Broker;
using CredBroker.Files;
using CredBroker.Sessions;

namespace CredBroker.Tests;

public sealed class ControlTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private ControlUnderTest _test = null!;

    public async Task InitializeAsync() => _test = await ControlUnderTest.StartAsync(_folder);

    public async Task DisposeAsync() => await _test.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_session_is_made_and_its_token_is_told_once()
    {
        (int status, string body, IReadOnlyDictionary<string, string> headers) = await _test.AskAsync("POST", "/v1/sessions", """{"grants":["writer","default"],"ttl":"1d","idle":"2h","label":"build 17"}""");

        Assert.Equal((201, "application/json", "no-store"), (status, headers["content-type"], headers["cache-control"]));
        JsonElement made = JsonDocument.Parse(body).RootElement;
        string id = made.GetProperty("id").GetString()!, token = made.GetProperty("token").GetString()!;
        Assert.Equal(
            $$"""{"id":"{{id}}","label":"build 17","grants":["writer","default"],"created":"2026-03-14T15:09:26Z","ends":"2026-03-15T15:09:26Z","idle":"2h","token":"{{token}}","urls":["{{ControlUnderTest.Url}}"]}""" + "\n",
            body);
        Assert.Equal("/v1/sessions/" + id, headers["location"]);
        Assert.Equal(id, _test.Sessions.Find(token)?.Session.Id);
        Assert.Equal(AuditKind.SessionCreated, Assert.Single(_test.Trail.Events).Kind);
        (status, body, _) = await _test.AskAsync("GET", "/v1/sessions");
        Assert.Equal((200, $$"""[{"id":"{{id}}","label":"build 17","grants":["writer","default"],"created":"2026-03-14T15:09:26Z","ends":"2026-03-15T15:09:26Z","idle":"2h","lastUsed":"2026-03-14T15:09:26Z"}]""" + "\n"), (status, body));
    }

    [Fact]
    public async Task A_session_is_revoked_once()
    {
        JsonElement made = JsonDocument.Parse((await _test.AskAsync("POST", "/v1/sessions", """{"grants":["default"]}""")).Body).RootElement;
        string path = "/v1/sessions/" + made.GetProperty("id").GetString();

        Assert.Equal((204, ""), await StatusAndBodyAsync("DELETE", path));

        Assert.Null(_test.Sessions.Find(made.GetProperty("token").GetString()!));
        (int status, string body) = await StatusAndBodyAsync("DELETE", path);
        Assert.Equal((404, "SessionNotFound"), (status, Code(body)));
        Assert.Equal((200, "[]\n"), await StatusAndBodyAsync("GET", "/v1/sessions"));
    }

    public static TheoryData<string, string, string[]> Mistakes => new()
    {
        { "nothing", "", ["the body is not valid JSON, or has a property twice"] },
        { "no JSON", "grants=default", ["the body is not valid JSON, or has a property twice"] },
        { "more than one value", """{"grants":["default"]}{}""", ["the body is not valid JSON, or has a property twice"] },
        { "a property twice", """{"grants":["default"],"grants":["writer"]}""", ["the body is not valid JSON, or has a property twice"] },
        { "too deep", """{"grants":[[[[[["default"]]]]]]}""", ["the body is not valid JSON, or has a property twice"] },
        { "half of a character", """{"grants":["\ud800"]}""", ["the body is not valid JSON, or has a property twice"] },
        { "an array", """["default"]""", ["the body must be a JSON object"] },
        { "an object without anything", "{}", ["grants: it must be there, an array of names"] },
        { "one name and no array", """{"grants":"default"}""", ["grants: it must be an array of names"] },
        { "names that are numbers", """{"grants":[1]}""", ["grants: it must be an array of names"] },
        { "all that is wrong in form", """{"grants":["default"],"ttl":60,"idle":null,"color":"red","Grants":[]}""", ["ttl: it must be a string", "idle: it must be a string", "there is no property 'color' here; those are grants, ttl, idle, label", "there is no property 'Grants' here; those are grants, ttl, idle, label"] },
        { "all that is wrong in what it says", """{"grants":["none"],"ttl":"1s","label":"\u0007"}""", ["grants: there is no grant 'none'; make it: cred-broker grant aws --name none --role ROLE-ARN", "ttl: '1s' is shorter than 1m, the least", "label: it has a character that is not a printable one of ASCII"] },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_a_400_with_all_problems(string why, string request, string[] problems)
    {
        (int status, string body) = await StatusAndBodyAsync("POST", "/v1/sessions", request);

        Assert.Equal((why, 400, "InvalidSession"), (why, status, Code(body)));
        Assert.Equal(problems, JsonDocument.Parse(body).RootElement.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()));
        Assert.Equal((0, 0), (_test.Sessions.Count, _test.Trail.Events.Count));
    }

    [Fact]
    public async Task A_session_of_a_grant_with_MFA_is_made_while_there_is_an_MFA_session()
    {
        (int status, string body) = await StatusAndBodyAsync("POST", "/v1/sessions", """{"grants":["default","mfa"]}""");
        _test.IsLoggedIn = true;
        int later = (await StatusAndBodyAsync("POST", "/v1/sessions", """{"grants":["default","mfa"]}""")).Status;

        Assert.Equal((400, "InvalidSession", 201), (status, Code(body), later));
        Assert.Equal("grants: 'mfa' asks for a code of an MFA device, and this broker has no MFA session for it: start it on a terminal, with serve --grant aws=mfa", JsonDocument.Parse(body).RootElement.GetProperty("problems")[0].GetString());
        Assert.Equal(1, _test.Sessions.Count);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        (int status, string body) = await StatusAndBodyAsync("POST", "/v1/sessions", new string(' ', 16 * 1024 + 1));

        Assert.Equal((413, "BodyTooLarge"), (status, Code(body)));
        Assert.Equal(200, (await StatusAndBodyAsync("GET", "/v1/sessions")).Status);
    }

    [Theory]
    [InlineData("PUT", "/v1/sessions", "GET, POST")]
    [InlineData("DELETE", "/v1/sessions", "GET, POST")]
    [InlineData("GET", "/v1/sessions/abc234abc234", "DELETE")]
    [InlineData("POST", "/metrics", "GET")]
    public async Task Other_methods_are_refused(string method, string path, string allowed)
    {
        (int status, string body, IReadOnlyDictionary<string, string> headers) = await _test.AskAsync(method, path);

        Assert.Equal((405, "MethodNotAllowed", allowed), (status, Code(body), headers["allow"]));
    }

    [Theory]
    [InlineData("the root", "/")]
    [InlineData("no session's id", "/v1/sessions/..%2f..")]
    [InlineData("below a session", "/v1/sessions/abc234abc234/token")]
    [InlineData("credentials, which are not for this socket", "/v1/credentials")]
    public async Task There_is_nothing_at(string why, string path)
    {
        (int status, string body) = await StatusAndBodyAsync("DELETE", path);

        Assert.Equal((why, 404, "NotFound"), (why, status, Code(body)));
    }

    [Fact]
    public async Task Metrics_are_text()
    {
        (int status, string body, IReadOnlyDictionary<string, string> headers) = await _test.AskAsync("GET", "/metrics");

        Assert.Equal((200, "cred_broker_sessions 0\n", "text/plain; version=0.0.4; charset=utf-8"), (status, body, headers["content-type"]));
    }

    [Theory]
    [InlineData("Origin: http://localhost")]
    [InlineData("Sec-Fetch-Site: none")]
    public async Task A_browser_is_refused(string header)
    {
        (int status, string body, _) = await _test.AskAsync("POST", "/v1/sessions", """{"grants":["default"]}""", header);

        Assert.Equal((403, "BrowserRequest", 0), (status, Code(body), _test.Sessions.Count));
    }

    [Fact]
    public async Task A_session_that_the_audit_does_not_take_is_not_made()
    {
        _test.Trail.Failure = new Failure(FailureKind.Unavailable, "AuditFull", "the audit has no space");

        (int status, string body) = await StatusAndBodyAsync("POST", "/v1/sessions", """{"grants":["default"]}""");

        Assert.Equal((503, "AuditFull", 0), (status, Code(body), _test.Sessions.Count));
    }

    [Fact]
    public async Task The_socket_is_this_users_alone_and_goes_with_the_broker()
    {
        Assert.Equal(("700", "600"), (Modes.Of(_folder["control"]), Modes.Of(_test.Path)));

        BrokerHost other = await StartAsync(_folder["control/other"]);
        await other.DisposeAsync();

        Assert.False(Path.Exists(_folder["control/other"]));
    }

    [Fact]
    public async Task The_socket_of_a_broker_that_lives_is_not_taken()
    {
        IOException e = await Assert.ThrowsAsync<IOException>(() => StartAsync(_test.Path));

        Assert.Equal($"{_test.Path} is another broker's, which is running", e.Message);
        Assert.Equal(200, (await StatusAndBodyAsync("GET", "/v1/sessions")).Status);
    }

    [Fact]
    public async Task The_socket_of_a_broker_that_was_killed_is_replaced()
    {
        string path = _folder["control/dead.sock"];
        using (Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(path + ".x"));
            File.Move(path + ".x", path); // .NET removes the one that it bound
        }

        await using BrokerHost replaced = await StartAsync(path);

        Assert.Equal("600", Modes.Of(path));
    }

    [Theory]
    [InlineData("a file", "file")]
    [InlineData("a folder", "folder")]
    [InlineData("a link", "link")]
    public async Task What_is_not_a_socket_is_left_alone(string why, string what)
    {
        string path = _folder["control/other"];
        if (what == "file") _folder.Write("control/other", "text");
        else if (what == "folder") Directory.CreateDirectory(path);
        else File.CreateSymbolicLink(path, _folder["nowhere"]);

        await Assert.ThrowsAnyAsync<IOException>(() => StartAsync(path));

        Assert.True(Path.Exists(path) || new FileInfo(path).LinkTarget is not null, why);
    }

    [Fact]
    public async Task A_folder_that_is_open_to_others_is_refused()
    {
        Directory.CreateDirectory(_folder["open"]);
        File.SetUnixFileMode(_folder["open"], UnixModes.Program | UnixFileMode.OtherWrite);

        IOException e = await Assert.ThrowsAsync<IOException>(() => StartAsync(_folder["open/control.sock"]));

        Assert.Contains("is writable for others", e.Message, StringComparison.Ordinal);
    }

    private Task<BrokerHost> StartAsync(string path) => BrokerHost.StartAsync(ControlSocket.At(path, _ => Task.CompletedTask), _test.Cache.Log.Broker);

    private async Task<(int Status, string Body)> StatusAndBodyAsync(string method, string path, string? body = null)
    {
        (int status, string answer, _) = await _test.AskAsync(method, path, body);
        return (status, answer);
    }

    private static string? Code(string body) => JsonDocument.Parse(body).RootElement.GetProperty("code").GetString();
}
