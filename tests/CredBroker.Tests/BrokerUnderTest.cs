using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using CredBroker.Broker;
using CredBroker.Credentials;
using CredBroker.Grants;
using CredBroker.Metrics;
using CredBroker.Sessions;

namespace CredBroker.Tests;

/// <summary>A broker on a socket, with one session, and an STS that does as it is told.</summary>
internal sealed class BrokerUnderTest : IAsyncDisposable
{
    private readonly BrokerMetrics _metrics;

    private BrokerHost _host = null!;
    private Endpoints _endpoints = null!;

    private BrokerUnderTest()
    {
        _metrics = Counts.Watch(() => new BrokerMetrics());
        SessionToken token = new();
        Token = token.Text;
        Assert.True(Sessions.TryAdd(new LiveSession(Some.Session with { Grants = [Some.Grant.Name, "writer"] }, token)));
    }

    public CacheUnderTest Cache { get; } = new();

    public CollectedTrail Audit { get; } = new();

    public SessionTable Sessions { get; } = new();

    /// <summary>What there is to be granted; <c>default</c> and <c>writer</c> are the session's.</summary>
    public Dictionary<string, Grant> Grants { get; } = new[] { Some.Grant, Some.Grant with { Name = "writer", RoleArn = Some.Role + "-writer" }, Some.Grant with { Name = "others", RoleArn = Some.Role + "-others" } }.ToDictionary(grant => grant.Name);

    public bool GrantsAreStale { get; set; }

    public RefusalCounts Counts { get; } = new();

    public string Token { get; }

    public Uri Url => _host.Url;

    public IReadOnlyList<ListenAddress> Addresses => _host.Addresses;

    public static Task<BrokerUnderTest> StartAsync() => StartAsync((ListenAddress.FreeLoopbackPort, ListenSettings.Default));

    public static Task<BrokerUnderTest> StartAsync(params (ListenAddress Address, ListenSettings Settings)[] listeners) => StartAsync(TimeProvider.System, listeners);

    /// <param name="hostClock">The listeners'; the cache has its own, which stands still.</param>
    public static async Task<BrokerUnderTest> StartAsync(TimeProvider hostClock, params (ListenAddress Address, ListenSettings Settings)[] listeners)
    {
        BrokerUnderTest test = new();
        BrokerServices services = new(test.Sessions, name => test.Grants.GetValueOrDefault(name), test.Cache.Cache, test.Audit, test._metrics, test.Cache.Log.Broker, test.Cache.Clock) { GrantsAreStale = () => test.GrantsAreStale };
        test._endpoints = new Endpoints(services);
        test._host = await BrokerHost.StartAsync([.. listeners.Select(listener => new Listener(listener.Address, test._endpoints.HandleAsync, listener.Settings))], test.Cache.Log.Broker, hostClock);
        return test;
    }

    /// <summary>STS answers every call at once, from now on.</summary>
    /// <param name="clock">By which the credentials last an hour; null: the cache's. A client that is a program looks at the real one.</param>
    public BrokerUnderTest WithGoodSts(TimeProvider? clock = null)
    {
        Cache.Sts.Answer = (number, _) => new(Some.Credentials((clock ?? Cache.Clock).GetUtcNow() + TimeSpan.FromHours(1), number));
        return this;
    }

    /// <summary>A request with the session's token.</summary>
    public Task<Wire> GetAsync(string path = "/v1/credentials") => Wire.AskAsync(Url, $"GET {path} HTTP/1.1", $"Authorization: Bearer {Token}");

    /// <summary>A request with the session's token and these headers beside it.</summary>
    public Task<Wire> GetWithAsync(params string[] headers) => Wire.AskAsync(Url, ["GET /v1/credentials HTTP/1.1", $"Authorization: Bearer {Token}", .. headers]);

    public async Task<Wire> GetAndEndAsync(AssumeRoleResult result)
    {
        Task<Wire> asked = GetAsync();
        (await Cache.Sts.NextAsync()).End(result);
        return await asked;
    }

    /// <summary>As at the broker's end; what it works with lives on.</summary>
    public Task StopAsync() => _host.DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _endpoints.Dispose();
        _metrics.Dispose();
        Counts.Dispose();
        await Cache.DisposeAsync();
    }
}
