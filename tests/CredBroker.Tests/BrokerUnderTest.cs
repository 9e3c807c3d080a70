using System;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Broker;
using CredBroker.Credentials;
using CredBroker.Metrics;
using CredBroker.Sessions;

namespace CredBroker.Tests;

/// <summary>A broker on a socket, with one session, and an STS that does as it is told.</summary>
internal sealed class BrokerUnderTest : IAsyncDisposable
{
    private readonly BrokerHost _host;

    private readonly BrokerMetrics _metrics;

    private BrokerUnderTest(CacheUnderTest cache, BrokerMetrics metrics, BrokerHost host, SessionToken token)
    {
        _metrics = metrics;
        Cache = cache;
        _host = host;
        Token = token.Text;
    }

    public CacheUnderTest Cache { get; }

    public string Token { get; }

    public Uri Url => _host.Url;

    public static async Task<BrokerUnderTest> StartAsync()
    {
        CacheUnderTest cache = new();
        SessionTable sessions = new();
        SessionToken token = new();
        sessions.Add(Some.Session, token);
        BrokerMetrics metrics = new();
        Endpoints endpoints = new(new BrokerServices(sessions, _ => Some.Grant, cache.Cache, new UnkeptTrail(), metrics, cache.Log.Broker, cache.Clock));
        return new BrokerUnderTest(cache, metrics, await BrokerHost.StartAsync(new Listener(ListenAddress.FreeLoopbackPort, endpoints.HandleAsync), cache.Log.Broker), token);
    }

    /// <summary>A request with the session's token.</summary>
    public Task<Wire> GetAsync(string path = "/v1/credentials") => Wire.AskAsync(Url, $"GET {path} HTTP/1.1", $"Authorization: Bearer {Token}");

    public async Task<Wire> GetAndEndAsync(AssumeRoleResult result)
    {
        Task<Wire> asked = GetAsync();
        (await Cache.Sts.NextAsync()).End(result);
        return await asked;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _metrics.Dispose();
        await Cache.DisposeAsync();
    }
}
