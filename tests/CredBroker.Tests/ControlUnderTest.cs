using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using CredBroker.Broker;
using CredBroker.Credentials;
using CredBroker.Metrics;
using CredBroker.Sessions;

namespace CredBroker.Tests;

/// <summary>The control socket of a broker with the grants "default", "writer" and "mfa", a store, and an audit in memory.</summary>
internal sealed class ControlUnderTest : IAsyncDisposable
{
    public const string Url = "http://127.0.0.1:4711/v1/credentials";

    private readonly BrokerMetrics _metrics = new();
    private readonly SessionStore _store;
    private BrokerHost? _socket;

    private ControlUnderTest(string path, string store)
    {
        Path = path;
        Assert.True(SessionStore.TryOpen(store, out SessionStore? opened, out Failure? failure), failure?.Message);
        _store = opened;
        Services = new(new SessionTable(Cache.Clock), name => name is "default" or "writer" or "mfa" ? Some.Grant with { Name = name, MfaSerial = name == "mfa" ? StsUnderTest.MfaSerial : null } : null, Cache.Cache, Trail, _metrics, Cache.Log.Broker, Cache.Clock) 
        {
            MetricsText = () => "cred_broker_sessions 0\n",
            WhyNotLoggedIn = request => IsLoggedIn ? null : MfaFailure.Ended(request),
        };
    }

    public string Path { get; }

    public CacheUnderTest Cache { get; } = new();

    public CollectedTrail Trail { get; } = new();

    /// <summary>Whether there is an MFA session.</summary>
    public bool IsLoggedIn { get; set; }

    public BrokerServices Services { get; }

    public SessionTable Sessions => Services.Sessions;

    public static async Task<ControlUnderTest> StartAsync(TemporaryFolder folder)
    {
        ControlUnderTest test = new(folder["control/control.sock"], folder["sessions/sessions.db"]);
        SessionLifecycle lifecycle = new(test.Sessions, test._store, test.Trail, test.Cache.Log.Broker, test.Cache.Clock);
        test._socket = await BrokerHost.StartAsync(ControlSocket.At(test.Path, new ControlEndpoints(test.Services, lifecycle, [Url]).HandleAsync), test.Cache.Log.Broker);
        return test;
    }

    public async Task<(int Status, string Body, IReadOnlyDictionary<string, string> Headers)> AskAsync(string method, string path, string? body = null, params string[] headers)
    {
        using SocketsHttpHandler handler = new()
        {
            ConnectCallback = async (_, cancellation) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using HttpClient client = new(handler) { Timeout = Patience.Test };
        using HttpRequestMessage request = new(new HttpMethod(method), "http://localhost" + path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8) };
        foreach (string header in headers) request.Headers.Add(header.Split(": ")[0], header.Split(": ")[1]);
        using HttpResponseMessage response = await client.SendAsync(request);
        Dictionary<string, string> got = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(", ", header.Value));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), got);
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket is not null) await _socket.DisposeAsync();
        await Cache.DisposeAsync();
        _metrics.Dispose();
        _store.Dispose();
    }
}
