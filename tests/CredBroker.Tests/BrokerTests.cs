using System;
using System.Linq;
using System.Net;
using System.Text.Json;
using System.Threading.Tasks;
using CredBroker.Broker;
using CredBroker.Sessions;

namespace CredBroker.Tests;

/// <summary>The broker over its socket.</summary>
public sealed class BrokerTests : IAsyncLifetime
{
    private BrokerUnderTest _test = null!;

    public async Task InitializeAsync() => _test = await BrokerUnderTest.StartAsync();

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Theory]
    [InlineData("/v1/credentials")]
    [InlineData("/_aws/credentials")]
    public async Task Credentials_are_served_as_credential_process_has_them(string path)
    {
        _test.Cache.Sts.Answer = (_, _) => _test.Cache.Good(TimeSpan.FromHours(1));

        Wire answer = await _test.GetAsync(path);

        Assert.Equal(
            $$"""{"Version":1,"AccessKeyId":"ASIAEXAMPLE0001","SecretAccessKey":"{{Sentinel.Secret}}","SessionToken":"{{Sentinel.Session}}","Expiration":"2026-03-14T16:09:26Z","AccountId":"123456789012"}""",
            answer.Body);
        Assert.Equal((200, "application/json", "no-store"), (answer.Status, answer.Headers["content-type"], answer.Headers["cache-control"]));
        Assert.Equal($"{answer.Body.Length}", answer.Headers["content-length"]);
        Assert.DoesNotContain("server", answer.Headers.Keys);
    }

    [Fact]
    public async Task It_is_this_sessions_role_that_is_asked_for()
    {
        Task<Wire> asked = _test.GetAsync();
        ScriptedSts.Flight flight = await _test.Cache.Sts.NextAsync();
        flight.End(_test.Cache.Good(TimeSpan.FromHours(1)));
        await asked;

        Assert.Equal(Some.Request, flight.Request);
        Assert.Equal("cred-broker-abc234abc234", flight.Request.SessionName);
    }

    public static TheoryData<string, string[], int> Tokens => new()
    {
        { "as the helper sends it", ["Authorization: Bearer {0}"], 200 },
        { "as SDKs send theirs", ["Authorization: {0}"], 200 },
        { "the scheme's case does not matter", ["authorization: bearer {0}"], 200 },
        { "more spaces", ["Authorization: Bearer   {0}"], 200 },
        { "none", [], 401 },
        { "an empty one", ["Authorization:"], 401 },
        { "the scheme alone", ["Authorization: Bearer"], 401 },
        { "the scheme and a space", ["Authorization: Bearer "], 401 },
        { "a wrong one", ["Authorization: Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"], 401 },
        { "a part of it", ["Authorization: Bearer {1}"], 401 },
        { "something before it", ["Authorization: Bearer x{0}"], 401 },
        { "something after it", ["Authorization: Bearer {0}x"], 401 },
        { "two in one", ["Authorization: Bearer {0},{0}"], 401 },
        { "another scheme", ["Authorization: Basic {0}"], 401 },
        { "another header", ["X-Token: {0}"], 401 },
        { "a cookie", ["Cookie: token={0}"], 401 },
        { "one that is longer than any of ours", ["Authorization: Bearer {0}AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"], 401 },
    };

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task A_token_opens_or_does_not(string why, string[] headers, int status)
    {
        _test.Cache.Sts.Answer = (_, _) => _test.Cache.Good(TimeSpan.FromHours(1));
        string[] request = ["GET /v1/credentials HTTP/1.1", .. Array.ConvertAll(headers, header => string.Format(null, header, _test.Token, _test.Token[..^1]))];

        Wire answer = await Wire.AskAsync(_test.Url, request);

        Assert.Equal((why, status), (why, answer.Status));
        if (status == 200) return;
        Assert.Equal(
            ("application/json", "Bearer", "no-store"),
            (answer.Headers["content-type"], answer.Headers["www-authenticate"], answer.Headers["cache-control"]));
        AssertError(answer, "Unauthorized", "the token is missing, wrong, or of a session that has ended");
        Assert.DoesNotContain(_test.Token[..8], answer.All, StringComparison.Ordinal);
        Assert.Equal(0, _test.Cache.Sts.Calls);
        Assert.EndsWith("Warning: refused a request for /v1/credentials: Unauthorized", _test.Cache.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_test.Token[..8], _test.Cache.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the root", "/")]
    [InlineData("a path below", "/v1/credentials/")]
    [InlineData("a grant and something below", "/v1/credentials/writer/")]
    [InlineData("moat's path with a grant", "/_aws/credentials/writer")]
    [InlineData("a dot segment", "/v1/./credentials")]
    [InlineData("a way up", "/v1/x/../credentials")]
    [InlineData("a path that begins alike", "/v1/credentials2")]
    [InlineData("upper case", "/V1/CREDENTIALS")]
    [InlineData("a path that ends alike", "//v1/credentials")]
    [InlineData("the instance metadata's", "/latest/meta-data/iam/security-credentials/")]
    [InlineData("what is not built yet", "/metrics")]
    public async Task There_is_nothing_at(string why, string path)
    {
        Wire answer = await _test.GetAsync(path);

        Assert.Equal((why, 404, "application/json"), (why, answer.Status, answer.Headers["content-type"]));
        AssertError(answer, "NotFound", "there is nothing at this path");
        Assert.Equal(0, _test.Cache.Sts.Calls);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    public async Task Only_GET_is_answered(string method)
    {
        Wire answer = await Wire.AskAsync(_test.Url, $"{method} /v1/credentials HTTP/1.1", $"Authorization: Bearer {_test.Token}", "Content-Length: 0");

        Assert.Equal((405, "GET", "application/json"), (answer.Status, answer.Headers["allow"], answer.Headers["content-type"]));
        if (method != "HEAD") AssertError(answer, "MethodNotAllowed", "only GET is answered here");
        Assert.Equal(0, _test.Cache.Sts.Calls);
    }

    [Fact]
    public async Task A_body_is_refused()
    {
        Wire answer = await Wire.SendAsync(_test.Url, $"POST /v1/credentials HTTP/1.1\r\nHost: {_test.Url.Authority}\r\nAuthorization: Bearer {_test.Token}\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");

        Assert.Equal((405, "GET"), (answer.Status, answer.Headers["allow"]));
        await AssertStillServesAsync();
    }

    [Theory]
    [InlineData("a long header", 20 * 1024, 1, 431)]
    [InlineData("many headers", 10, 60, 431)]
    public async Task More_header_than_anybody_needs_is_refused(string why, int length, int count, int status)
    {
        string headers = string.Concat(Enumerable.Range(0, count).Select(number => $"X-Header-{number}: {new string('x', length)}\r\n"));

        Wire answer = await Wire.SendAsync(_test.Url, $"GET /v1/credentials HTTP/1.1\r\nHost: {_test.Url.Authority}\r\n{headers}\r\n");

        Assert.Equal((why, status), (why, answer.Status));
        await AssertStillServesAsync();
    }

    [Theory]
    [InlineData("no HTTP", "hello\r\n\r\n", 400)]
    [InlineData("a path that is too long", "GET /{0} HTTP/1.1\r\nHost: x\r\n\r\n", 414)]
    [InlineData("no host", "GET /healthz HTTP/1.1\r\n\r\n", 400)]
    [InlineData("a later HTTP", "GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n", 505)]
    public async Task What_is_not_HTTP_is_refused(string why, string request, int status)
    {
        Wire answer = await Wire.SendAsync(_test.Url, request.Replace("{0}", new string('x', 8192), StringComparison.Ordinal));

        Assert.Equal((why, status), (why, answer.Status));
        await AssertStillServesAsync();
    }

    [Fact]
    public async Task Health_needs_no_token()
    {
        Wire answer = await Wire.AskAsync(_test.Url, "GET /healthz HTTP/1.1");

        Assert.Equal((200, "application/json", """{"status":"ok"}"""), (answer.Status, answer.Headers["content-type"], answer.Body));
        Assert.Equal(0, _test.Cache.Sts.Calls);
    }

    [Fact]
    public async Task A_refusal_of_STS_is_a_502_that_says_what_to_do_and_nothing_of_AWSs_own_words()
    {
        Wire answer = await _test.GetAndEndAsync(CacheUnderTest.Bad());

        Assert.Equal((502, "application/json", "no-store"), (answer.Status, answer.Headers["content-type"], answer.Headers["cache-control"]));
        Assert.Equal("""{"code":"AccessDenied","message":"AWS says no","hint":"Ask for it","Code":"AccessDenied","Message":"AWS says no"}""", answer.Body);
        Assert.Contains("in AWS's own words", _test.Cache.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_without_a_hint_has_none()
    {
        Wire answer = await _test.GetAndEndAsync(new(Some.Refusal with { Hint = null }));

        Assert.Equal("""{"code":"AccessDenied","message":"AWS says no","Code":"AccessDenied","Message":"AWS says no"}""", answer.Body);
    }

    [Fact]
    public async Task Not_now_is_a_503_that_says_when()
    {
        Wire answer = await _test.GetAndEndAsync(new(Some.Refusal with { Kind = FailureKind.Unavailable, Code = "Throttling" }));

        Assert.Equal((503, "application/json"), (answer.Status, answer.Headers["content-type"]));
        Assert.Matches(@"\A[1-9][0-9]*\z", answer.Headers["retry-after"]);
        AssertError(answer, "Throttling", "AWS says no");
    }

    [Fact]
    public async Task Nobody_waits_longer_than_a_second_and_a_half()
    {
        Task<Wire> asked = _test.GetAsync();
        ScriptedSts.Flight flight = await _test.Cache.Sts.NextAsync();
        await _test.Cache.Clock.TimerStarted.WaitAsync(Patience.Test);
        _test.Cache.Clock.Advance(TimeSpan.FromMilliseconds(1500));

        Wire answer = await asked;

        Assert.Equal((503, "1"), (answer.Status, answer.Headers["retry-after"]));
        AssertError(answer, "StillWorking", "AWS STS has not answered yet");
        flight.End(_test.Cache.Good(TimeSpan.FromHours(1)));
        Assert.Equal(200, (await _test.GetAsync()).Status);
        Assert.Equal(1, _test.Cache.Sts.Calls);
    }

    [Fact]
    public async Task A_bug_is_a_500_that_tells_nothing_and_the_broker_goes_on()
    {
        Task<Wire> asked = _test.GetAsync();
        (await _test.Cache.Sts.NextAsync()).End(new InvalidOperationException("a bug, and what only the log may know"));

        Wire answer = await asked;

        Assert.Equal((500, "application/json"), (answer.Status, answer.Headers["content-type"]));
        AssertError(answer, "InternalError", "the broker has an internal error");
        Assert.Contains("a bug, and what only the log may know", _test.Cache.Log.Text, StringComparison.Ordinal);
        _test.Cache.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(200, (await _test.GetAndEndAsync(_test.Cache.Good(TimeSpan.FromHours(1)))).Status);
    }

    [Fact]
    public async Task A_client_that_goes_away_takes_nothing_from_the_next()
    {
        using (System.Net.Sockets.TcpClient client = new())
        {
            await client.ConnectAsync(IPAddress.Loopback, _test.Url.Port);
            await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET /v1/credentials HTTP/1.1\r\nHost: {_test.Url.Authority}\r\nAuthorization: {_test.Token}\r\n\r\n"));
            ScriptedSts.Flight flight = await _test.Cache.Sts.NextAsync();
            client.Client.Close(0);
            flight.End(_test.Cache.Good(TimeSpan.FromHours(1)));
        }

        Assert.Equal(200, (await _test.GetAsync()).Status);
        Assert.Equal(1, _test.Cache.Sts.Calls);
    }

    [Fact]
    public async Task Two_brokers_have_two_ports_and_one_port_has_one_broker()
    {
        await using BrokerUnderTest other = await BrokerUnderTest.StartAsync();

        Assert.NotEqual(other.Url.Port, _test.Url.Port);
        Assert.Equal("127.0.0.1", other.Url.Host);
        Assert.Equal(401, (await Wire.AskAsync(other.Url, "GET /v1/credentials HTTP/1.1", $"Authorization: Bearer {_test.Token}")).Status);
        await Assert.ThrowsAnyAsync<System.IO.IOException>(() =>
            BrokerHost.StartAsync(new Listener(new ListenAddress(new IPEndPoint(IPAddress.Loopback, other.Url.Port)), _ => Task.CompletedTask), _test.Cache.Log.Broker));
    }

    [Fact]
    public void The_log_says_where_it_listens() =>
        Assert.Equal([$"Information: listening on {_test.Url.ToString().TrimEnd('/')}"], _test.Cache.Log.Lines);

    private async Task AssertStillServesAsync() => Assert.Equal(200, (await Wire.AskAsync(_test.Url, "GET /healthz HTTP/1.1")).Status);

    private static void AssertError(Wire answer, string code, string message)
    {
        using JsonDocument body = JsonDocument.Parse(answer.Body);
        JsonElement error = body.RootElement;
        Assert.Equal((code, message, code, message), (error.GetProperty("code").GetString(), error.GetProperty("message").GetString(), error.GetProperty("Code").GetString(), error.GetProperty("Message").GetString()));
    }
}
