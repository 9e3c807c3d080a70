using System;
using System.Linq;
using System.Net;
using System.Text.Json;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Broker;

namespace CredBroker.Tests;

/// <summary>Each guard by the attack that it is there for, with a token that is good: it is not the token that keeps these out.</summary>
public sealed class GuardTests : IAsyncLifetime
{
    private BrokerUnderTest _test = null!;

    public async Task InitializeAsync() => _test = (await BrokerUnderTest.StartAsync((ListenAddress.FreeLoopbackPort, new ListenSettings { HostNames = ["broker.lan"] }))).WithGoodSts();

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Theory]
    [InlineData("a page that sends its origin", "Origin: https://attacker.example", "BrowserRequest")]
    [InlineData("a page that has none, a file", "Origin: null", "BrowserRequest")]
    [InlineData("a script's fetch", "Sec-Fetch-Mode: no-cors", "BrowserRequest")]
    [InlineData("an image", "sec-fetch-dest: image", "BrowserRequest")]
    [InlineData("an old browser", "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:60.0) Gecko/20100101 Firefox/60.0", "BrowserRequest")]
    [InlineData("a reverse proxy", "X-Forwarded-For: 203.0.113.7", "ForwardedRequest")]
    [InlineData("a reverse proxy's other header", "x-forwarded-proto: https", "ForwardedRequest")]
    [InlineData("nginx", "X-Real-IP: 203.0.113.7", "ForwardedRequest")]
    [InlineData("a proxy that follows RFC 7239", "Forwarded: for=203.0.113.7", "ForwardedRequest")]
    [InlineData("a caching proxy", "Via: 1.1 squid", "ForwardedRequest")]
    public async Task Speaking_for_somebody_else(string why, string header, string code)
    {
        Wire answer = await _test.GetWithAsync(header);

        AssertRefused(why, 403, code, answer);
    }

    [Theory]
    [InlineData("the helper", "User-Agent: aws-cred/0.1.0")]
    [InlineData("an SDK", "User-Agent: Boto3/1.43 md/Botocore#1.43 md/Mozilla/5.0")]
    [InlineData("curl", "Accept: */*")]
    public async Task Speaking_for_oneself(string why, string header) => Assert.Equal((why, 200), (why, (await _test.GetWithAsync(header)).Status));

    [Theory]
    [InlineData("a name that was bound anew to this address", "attacker.example:{0}")]
    [InlineData("a name that begins alike", "localhost.attacker.example:{0}")]
    [InlineData("a name that ends alike", "xlocalhost:{0}")]
    [InlineData("a name that begins as the address", "127.0.0.1.attacker.example:{0}")]
    [InlineData("a name below one of ours", "x.broker.lan:{0}")]
    [InlineData("another port", "127.0.0.1:1")]
    [InlineData("no port", "127.0.0.1")]
    [InlineData("another address", "127.0.0.2:{0}")]
    [InlineData("the address in another spelling", "0x7f000001:{0}")]
    [InlineData("every address", "0.0.0.0:{0}")]
    [InlineData("the instance metadata's", "169.254.169.254")]
    [InlineData("nothing", "")]
    public async Task DNS_rebinding(string why, string host)
    {
        Wire answer = await AskAsAsync(host);

        AssertRefused(why, 403, "UnknownHost", answer);
        Assert.Contains($"Ask at {_test.Url.ToString().TrimEnd('/')}; or, if the name is right, start the broker with --host NAME.", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("its address", "127.0.0.1:{0}")]
    [InlineData("localhost", "localhost:{0}")]
    [InlineData("case does not matter", "LocalHost:{0}")]
    [InlineData("as Docker's containers see the host", "host.docker.internal:{0}")]
    [InlineData("as Podman's containers see the host", "host.containers.internal:{0}")]
    [InlineData("a name by --host", "broker.lan:{0}")]
    [InlineData("a name by --host through a published port", "broker.lan:8080")]
    [InlineData("a name by --host, no port", "broker.lan")]
    public async Task Known_by_name(string why, string host) => Assert.Equal((why, 200), (why, (await AskAsAsync(host)).Status));

    public static TheoryData<string, string, int, string> Smuggled => new()
    {
        { "chunks beside a length", "GET /v1/credentials HTTP/1.1\r\n{0}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n{1}", 400, "TransferEncodingNotAllowed" },
        { "a length beside chunks", "GET /v1/credentials HTTP/1.1\r\n{0}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{1}", 400, "TransferEncodingNotAllowed" },
        { "chunks alone", "GET /v1/credentials HTTP/1.1\r\n{0}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n{1}", 400, "TransferEncodingNotAllowed" },
        { "an encoding that only looks like chunks", "GET /v1/credentials HTTP/1.1\r\n{0}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{1}", 400, "" },
        { "two lengths", "GET /v1/credentials HTTP/1.1\r\n{0}Content-Length: 0\r\nContent-Length: 40\r\n\r\n{1}", 400, "" },
        { "two lengths in one", "GET /v1/credentials HTTP/1.1\r\n{0}Content-Length: 0, 40\r\n\r\n{1}", 400, "" },
        { "a length that is no number", "GET /v1/credentials HTTP/1.1\r\n{0}Content-Length: +4\r\n\r\n{1}", 400, "" },
        { "a negative length", "GET /v1/credentials HTTP/1.1\r\n{0}Content-Length: -1\r\n\r\n{1}", 400, "" },
        { "a body that is a request", "GET /v1/credentials HTTP/1.1\r\n{0}Content-Length: 40\r\n\r\n{1}", 400, "BodyNotAllowed" },
        { "a space before the colon", "GET /v1/credentials HTTP/1.1\r\n{0}Content-Length : 40\r\n\r\n{1}", 400, "" },
        { "a header over two lines", "GET /v1/credentials HTTP/1.1\r\n{0}X-A: b\r\n c: d\r\n\r\n{1}", 400, "" },
        { "a NUL in a header", "GET /v1/credentials HTTP/1.1\r\n{0}X-A: b\0c\r\n\r\n{1}", 400, "" },
        { "two hosts", "GET /v1/credentials HTTP/1.1\r\n{0}Host: attacker.example\r\n\r\n{1}", 400, "" },
        { "two tokens", "GET /v1/credentials HTTP/1.1\r\n{0}Authorization: x\r\n\r\n{1}", 400, "RepeatedHeader" },
        { "the whole URL, as to a proxy", "GET http://{2}/v1/credentials HTTP/1.1\r\n{0}\r\n{1}", 400, "BadTarget" },
        { "another host's URL", "GET http://attacker.example/v1/credentials HTTP/1.1\r\n{0}\r\n{1}", 400, "" },
        { "a tunnel", "CONNECT {2} HTTP/1.1\r\n{0}\r\n{1}", 400, "BadTarget" },
        { "no path", "OPTIONS * HTTP/1.1\r\n{0}\r\n{1}", 400, "BadTarget" },
        { "an encoded slash", "GET /v1%2Fcredentials HTTP/1.1\r\n{0}\r\n{1}", 400, "BadTarget" },
        { "an encoded slash in a grant", "GET /v1/credentials/a%2fwriter HTTP/1.1\r\n{0}\r\n{1}", 400, "BadTarget" },
        { "an encoded letter", "GET /v1/%63redentials HTTP/1.1\r\n{0}\r\n{1}", 400, "BadTarget" },
        { "a backslash", "GET /v1\\credentials HTTP/1.1\r\n{0}\r\n{1}", 400, "BadTarget" },
    };

    /// <summary>What follows in the same connection is a good request: whoever gets its answer has smuggled it.</summary>
    [Theory]
    [MemberData(nameof(Smuggled))]
    public async Task Smuggling(string why, string request, int status, string code)
    {
        string headers = $"Host: {_test.Url.Authority}\r\nAuthorization: Bearer {_test.Token}\r\n";
        string second = $"GET /v1/credentials HTTP/1.1\r\n{headers}Connection: close\r\n\r\n";

        string answers = await Wire.SendRawAsync(_test.Url, string.Format(null, request, headers, second, _test.Url.Authority));

        Assert.Equal((why, 1), (why, answers.Split("HTTP/1.1 ").Length - 1));
        Assert.StartsWith($"HTTP/1.1 {status} ", answers, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answers, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(code, answers, StringComparison.Ordinal);
        Assert.DoesNotContain(" at CredBroker", answers, StringComparison.Ordinal);
        Sentinel.AssertNotIn(answers);
        Assert.Equal(0, _test.Cache.Sts.Calls);
    }

    /// <summary>Kestrel says so in HTTP/2's own way, and closes.</summary>
    [Fact]
    public async Task HTTP2_without_asking()
    {
        string answers = await Wire.SendRawAsync(_test.Url, $"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nGET /v1/credentials HTTP/1.1\r\nHost: {_test.Url.Authority}\r\nAuthorization: Bearer {_test.Token}\r\n\r\n");

        Assert.DoesNotContain("HTTP/1.1", answers, StringComparison.Ordinal);
        Assert.Equal(0, _test.Cache.Sts.Calls);
    }

    [Fact]
    public async Task Requests_one_behind_the_other_are_answered_one_behind_the_other()
    {
        string request = $"GET /v1/credentials HTTP/1.1\r\nHost: {_test.Url.Authority}\r\nAuthorization: Bearer {_test.Token}\r\n";

        string answers = await Wire.SendRawAsync(_test.Url, string.Concat(Enumerable.Repeat(request + "\r\n", 20)) + request + "Connection: close\r\n\r\n");

        Assert.Equal(21, answers.Split("HTTP/1.1 200 OK").Length - 1);
        Assert.Equal(1, _test.Cache.Sts.Calls);
    }

    [Fact]
    public async Task A_length_of_nothing_is_no_body() => Assert.Equal(200, (await _test.GetWithAsync("Content-Length: 0")).Status);

    [Theory]
    [InlineData("guessing", "Authorization: Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 401, "Unauthorized")]
    [InlineData("a page that asks without end", "Origin: https://attacker.example", 403, "BrowserRequest")]
    public async Task Asking_without_a_token_has_a_rate(string why, string header, int status, string code)
    {
        for (int i = 0; i < 100; i++) Assert.Equal((why, status), (why, (await Wire.AskAsync(_test.Url, "GET /v1/credentials HTTP/1.1", header)).Status));

        Wire tooMany = await Wire.AskAsync(_test.Url, "GET /v1/credentials HTTP/1.1", header);

        Assert.Equal((429, "1", "TooManyBadRequests"), (tooMany.Status, tooMany.Headers["retry-after"], CodeOf(tooMany)));
        Assert.Equal((100, 1), (_test.Counts[code], _test.Counts["TooManyBadRequests"]));
        Assert.Equal(100, _test.Audit.Refusals.Count());
        // Whoever has a good token is not locked out by those who have none.
        Assert.Equal(200, (await _test.GetAsync()).Status);
        _test.Cache.Clock.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(status, (await Wire.AskAsync(_test.Url, "GET /v1/credentials HTTP/1.1", header)).Status);
        Assert.Equal(429, (await Wire.AskAsync(_test.Url, "GET /v1/credentials HTTP/1.1", header)).Status);
    }

    [Theory]
    [InlineData("stalls", true)]
    [InlineData("fails", false)]
    public async Task A_refusal_does_not_wait_for_an_audit_that(string why, bool isStalled)
    {
        _test.Audit.IsStalled = isStalled;
        _test.Audit.Failure = new Failure(FailureKind.Unavailable, "AuditUnwritable", "no space");

        Assert.Equal((why, 401), (why, (await Wire.AskAsync(_test.Url, "GET /v1/credentials HTTP/1.1")).Status));
    }

    [Fact]
    public async Task Repeats_of_a_sessions_refusal_are_one_line_of_the_log_with_their_count()
    {
        for (int i = 0; i < 4; i++) Assert.Equal(403, (await _test.GetAsync("/v1/credentials/others")).Status);
        Assert.Equal(["Warning: refused a request for /v1/credentials/others: GrantNotInSession"], Lines());

        _test.Cache.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("Warning: refused 3 more requests for /v1/credentials/others within a minute: GrantNotInSession", Lines()[1]);

        string[] Lines() => [.. _test.Cache.Log.Text.Split('\n').Where(line => line.Contains("refused", StringComparison.Ordinal))];
    }

    public static TheoryData<string, string, string> Paths => new()
    {
        { "a known one", "/v1/credentials", "/v1/credentials" },
        { "its query stays away: it may be anything", "/v1/credentials?token=secret", "/v1/credentials" },
        { "what may be a token that got into the wrong place", "/x/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/y", "/x/.../y" },
        { "what a terminal acts on", "/v1/\x1b[2J", "/v1/?[2J" },
        { "a letter outside ASCII", "/v1/\u00e4", "/v1/?" },
        { "a long one", "/" + string.Concat(Enumerable.Repeat("abcdefg/", 40)), "/" + string.Concat(Enumerable.Repeat("abcdefg/", 15)) + "abcdefg..." },
    };

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_path_is_shown(string why, string target, string shown) => Assert.Equal((why, shown), (why, RequestTarget.Shown(target)));

    private Task<Wire> AskAsAsync(string host) =>
        Wire.SendAsync(_test.Url, $"GET /v1/credentials HTTP/1.1\r\nHost: {string.Format(null, host, _test.Url.Port)}\r\nAuthorization: Bearer {_test.Token}\r\nConnection: close\r\n\r\n");

    private void AssertRefused(string why, int status, string code, Wire answer)
    {
        Assert.Equal((why, status, "application/json", code), (why, answer.Status, answer.Headers["content-type"], CodeOf(answer)));
        Assert.Equal(1, _test.Counts[code]);
        AuditEvent entry = Assert.Single(_test.Audit.Events);
        Assert.Equal((AuditKind.RequestRefused, code, "/v1/credentials", null), (entry.Kind, entry.Code, entry.Path, entry.Session));
        Assert.Equal(0, _test.Cache.Sts.Calls);
        Sentinel.AssertNotIn(answer.All);
    }

    private static string CodeOf(Wire answer)
    {
        using JsonDocument body = JsonDocument.Parse(answer.Body);
        return body.RootElement.GetProperty("code").GetString()!;
    }
}
