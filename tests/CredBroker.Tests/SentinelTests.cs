using System;
using System.Text.Json;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Broker;
using CredBroker.Credentials;
using CredBroker.Grants;
using CredBroker.Metrics;
using CredBroker.Sessions;
using StsSimulator.Tests;

namespace CredBroker.Tests;

/// <summary>One secret key and one token, driven through every failure from socket to socket, and found nowhere.</summary>
[Collection(HostEnvironmentTests.Name)]
public sealed class SentinelTests : IAsyncLifetime, IDisposable
{
    private readonly CollectedLog _log = new();
    private readonly SessionToken _token = new();
    private readonly BrokerMetrics _metrics = new();
    private StsUnderTest _sts = null!;
    private RoleCredentialCache _cache = null!;
    private BrokerHost _broker = null!;

    public async Task InitializeAsync()
    {
        _sts = await StsUnderTest.StartAsync();
        _cache = CacheOf(_log);
        SessionTable sessions = new();
        Assert.True(sessions.TryAdd(new LiveSession(Some.Session, _token)));
        Grant grant = Some.Grant with { RoleArn = StsUnderTest.OpenRole };
        Endpoints endpoints = new(new BrokerServices(sessions, _ => grant, _cache, new CollectedTrail(), _metrics, _log.Broker, TimeProvider.System));
        _broker = await BrokerHost.StartAsync(new Listener(ListenAddress.FreeLoopbackPort, endpoints.HandleAsync), _log.Broker);
    }

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        await _cache.DisposeAsync();
        await _sts.DisposeAsync();
    }

    public void Dispose() => _metrics.Dispose();

    [Theory]
    [InlineData("refused", 502, "AccessDenied")]
    [InlineData("refused with a code that nobody knows", 502, "SomethingNew")]
    [InlineData("throttled", 503, "Throttling")]
    [InlineData("an internal error of STS", 503, "InternalFailure")]
    [InlineData("connections dropped", 503, "StsUnreachable")]
    [InlineData("a signature that does not match", 502, "SignatureDoesNotMatch")]
    [InlineData("an access key that AWS does not know", 502, "InvalidClientTokenId")]
    [InlineData("no identity", 502, "NoSourceIdentity")]
    [InlineData("a process that prints its secret and fails", 502, "NoSourceIdentity")]
    [InlineData("a process that prints its secret and no JSON", 502, "NoSourceIdentity")]
    public async Task A_failure_of_the_host_tells_no_secret(string why, int status, string code)
    {
        Break(why, code);

        Wire answer = await AskAsync($"Bearer {_token.Text}");

        Assert.Equal((why, status), (why, answer.Status));
        Assert.Contains($"\"code\":\"{code}\"", answer.Body, StringComparison.Ordinal);
        await _log.WaitForLinesAsync(2);
        Assert.Contains(code, _log.Text, StringComparison.Ordinal);
        AssertTellsNoSecret(answer);
    }

    [Theory]
    [InlineData("a part of the token", "Bearer {1}", 401)]
    [InlineData("more than the token", "Bearer {0}x", 401)]
    [InlineData("another scheme", "Basic {0}", 401)]
    public async Task A_wrong_request_tells_no_token(string why, string authorization, int status)
    {
        Wire answer = await AskAsync(string.Format(null, authorization, _token.Text, _token.Text[..^1]));

        Assert.Equal((why, status), (why, answer.Status));
        AssertTellsNoSecret(answer);
    }

    [Theory]
    [InlineData("the token in the path", "/v1/credentials/{0}", 401)]
    [InlineData("the token in the query", "/v1/credentials?token={0}", 401)]
    public async Task A_token_in_the_wrong_place_is_not_logged(string why, string path, int status)
    {
        Wire answer = await Wire.AskAsync(_broker.Url, $"GET {string.Format(null, path, _token.Text)} HTTP/1.1");

        Assert.Equal((why, status), (why, answer.Status));
        AssertTellsNoSecret(answer);
    }

    [Fact]
    public async Task A_success_is_logged_without_what_was_issued()
    {
        Wire answer = await AskAsync($"Bearer {_token.Text}");
        await _log.WaitForLinesAsync(2);

        using JsonDocument body = JsonDocument.Parse(answer.Body);
        Assert.Contains("got credentials of arn:aws:sts::123456789012:assumed-role/open/cred-broker-abc234abc234", _log.Text, StringComparison.Ordinal);
        foreach (string secret in (string[])["SecretAccessKey", "SessionToken"]) Assert.DoesNotContain(body.RootElement.GetProperty(secret).GetString()![..8], _log.Text, StringComparison.Ordinal);
        Sentinel.AssertNotIn(answer.All + _log.Text);
    }

    /// <summary>By a clock that stands still: nobody is told to come back before STS has answered.</summary>
    private static RoleCredentialCache CacheOf(CollectedLog log) => new(StsRoleAssumer.AssumeAsync, new FakeClock(), log.Broker);

    private void Break(string why, string code)
    {
        if (code is "AccessDenied" or "SomethingNew") _sts.Sts.Faults.Refuse(403, code, "no");
        else if (code == "InternalFailure") _sts.Sts.Faults.Refuse(500, code, "no");
        else if (code == "Throttling") _sts.Sts.Faults.Throttle();
        else if (code == "StsUnreachable") _sts.Sts.Faults.DropConnections();
        else if (code == "SignatureDoesNotMatch") _sts.Environment["AWS_SECRET_ACCESS_KEY"] = Sentinel.HostSecret + "x";
        else if (code == "InvalidClientTokenId") _sts.Environment["AWS_ACCESS_KEY_ID"] = "AKIANOBODYNOBODYNOBO";
        else
        {
            _sts.Environment["AWS_ACCESS_KEY_ID"] = null;
            _sts.Environment["AWS_SECRET_ACCESS_KEY"] = null;
        }

        if (why.StartsWith("a process", StringComparison.Ordinal))
        {
            string command = why.EndsWith("fails", StringComparison.Ordinal) ? $"sh -c \"echo {Sentinel.HostSecret}; exit 1\"" : $"echo {Sentinel.HostSecret}";
            _sts.Environment.WriteConfig($"[default]\ncredential_process = {command}\n");
        }
    }

    private Task<Wire> AskAsync(string authorization) => Wire.AskAsync(_broker.Url, "GET /v1/credentials HTTP/1.1", $"Authorization: {authorization}");

    private void AssertTellsNoSecret(Wire answer)
    {
        string told = answer.All + "\n" + _log.Text;
        Sentinel.AssertNotIn(told);
        Assert.DoesNotContain(_token.Text[..8], told, StringComparison.Ordinal);
    }
}
