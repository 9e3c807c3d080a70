using System;
using System.Threading.Tasks;
using CredBroker.Broker;
using CredBroker.Credentials;
using CredBroker.Sessions;

namespace CredBroker.Tests;

/// <summary>A broker on a socket, with one session, and an STS that does as it is told.</summary>
internal sealed class BrokerUnderTest : IAsyncDisposable
{
    private readonly BrokerHost _host;

    private BrokerUnderTest(CacheUnderTest cache, BrokerHost host, SessionToken token)
    {
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
        return new BrokerUnderTest(cache, await BrokerHost.StartAsync(ListenAddress.FreeLoopbackPort, sessions, cache.Cache, cache.Log.Broker), token);
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
        await Cache.DisposeAsync();
    }
}
