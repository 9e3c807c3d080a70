using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using CredBroker.Broker;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using StsSimulator.Tests;

namespace CredBroker.Tests;

/// <summary>Many clients, slow ones, silent ones, ones that go away; and the broker's own end.</summary>
public sealed class ConnectionTests
{
    [Theory]
    [InlineData("that say nothing", "", 8, 8)]
    [InlineData("that have said half a request", "GET /v1/credentials HTTP/1.1\r\nHost: ", 8, 8)]
    [InlineData("that have had an answer and stay", "GET /healthz HTTP/1.1\r\nHost: {0}\r\n\r\n", 8, 8)]
    [InlineData("three times the places", "", 8, 24)]
    [InlineData("as many as the broker takes by default, and more", "", 1024, 1100)]
    public async Task Idle_connections_keep_nobody_out(string why, string said, int places, int idle)
    {
        await using BrokerUnderTest test = (await StartAsync(new ListenSettings { MaximumConnections = places })).WithGoodSts();
        List<Socket> attackers = [];
        for (int i = 0; i < idle; i++)
        {
            Socket attacker = await Wire.ConnectAsync(test.Url);
            attackers.Add(attacker);
            if (said.Length == 0) continue;
            await attacker.SendAsync(Encoding.ASCII.GetBytes(string.Format(null, said, test.Url.Authority)));
            if (said.EndsWith("\r\n\r\n", StringComparison.Ordinal)) Assert.NotEqual(0, await attacker.ReceiveAsync(new byte[1024]));
        }

        Assert.Equal((why, 200), (why, (await test.GetAsync()).Status));
        // The one that was idle the longest had to go.
        await Wire.ReadToEndAsync(attackers[0]);
        attackers.ForEach(attacker => attacker.Dispose());
    }

    [Fact]
    public async Task A_request_that_is_being_answered_keeps_its_place()
    {
        await using BrokerUnderTest test = await StartAsync(new ListenSettings { MaximumConnections = 2 });
        Task<Wire> asked = test.GetAsync();
        ScriptedSts.Flight flight = await test.Cache.Sts.NextAsync();
        List<Socket> attackers = [];
        for (int i = 0; i < 10; i++) attackers.Add(await Wire.ConnectAsync(test.Url));
        Assert.Equal(200, (await Wire.AskAsync(test.Url, "GET /healthz HTTP/1.1")).Status);

        flight.End(test.Cache.Good(TimeSpan.FromHours(1)));

        Assert.Equal(200, (await asked).Status);
        attackers.ForEach(attacker => attacker.Dispose());
    }

    [Fact]
    public async Task Places_that_are_all_busy_are_given_to_nobody()
    {
        await using BrokerUnderTest test = await StartAsync(new ListenSettings { MaximumConnections = 1 });
        Task<Wire> asked = test.GetAsync();
        ScriptedSts.Flight flight = await test.Cache.Sts.NextAsync();

        string turnedAway;
        try
        {
            turnedAway = await Wire.SendRawAsync(test.Url, "").WaitAsync(Patience.Test);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            turnedAway = ""; // an aborted connection ends, or is reset
        }

        flight.End(test.Cache.Good(TimeSpan.FromHours(1)));
        Assert.Equal((200, ""), ((await asked).Status, turnedAway));
    }

    [Fact]
    public async Task One_listeners_connections_take_no_place_at_another()
    {
        using TemporaryFolder folder = new();
        await using BrokerUnderTest test = await BrokerUnderTest.StartAsync((ListenAddress.FreeLoopbackPort, new ListenSettings { MaximumConnections = 1 }), (new ListenAddress(folder["s"]), new ListenSettings { MaximumConnections = 1 }));
        using Socket quiet = await Wire.ConnectAsync(new Uri(test.Addresses[1].ToString()));
        using Socket attacker = await Wire.ConnectAsync(test.Url);
        Assert.Equal(200, (await Wire.AskAsync(test.Url, "GET /healthz HTTP/1.1")).Status);

        await quiet.SendAsync(Encoding.ASCII.GetBytes("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));

        Assert.StartsWith("HTTP/1.1 200", await Wire.ReadToEndAsync(quiet), StringComparison.Ordinal);
    }

    /// <summary>A head must come whole in its time, however steadily its bytes come.</summary>
    [Fact]
    public async Task A_client_that_sends_byte_by_byte_is_told_that_it_is_too_slow()
    {
        await using BrokerUnderTest test = await StartAsync(new ListenSettings { HeadLimit = TimeSpan.FromSeconds(1) });
        using Socket slow = await Wire.ConnectAsync(test.Url);
        Task<string> answer = Wire.ReadToEndAsync(slow);
        byte[] request = Encoding.ASCII.GetBytes("GET /healthz HTTP/1.1\r\nHost: " + new string('x', 4000));
        for (int i = 0; i < request.Length && !answer.IsCompleted; i++)
        {
            try
            {
                await slow.SendAsync(request.AsMemory(i, 1));
            }
            catch (SocketException)
            {
                break; // closed
            }

            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
        }

        Assert.StartsWith("HTTP/1.1 408 Request Timeout", await answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_asks_and_never_reads_loses_its_place()
    {
        FakeClock clock = new();
        await using BrokerUnderTest test = await BrokerUnderTest.StartAsync(clock, (ListenAddress.FreeLoopbackPort, new ListenSettings { MaximumConnections = 1 }));
        using Socket greedy = await Wire.ConnectAsync(test.Url);
        byte[] requests = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"GET /healthz HTTP/1.1\r\nHost: {test.Url.Authority}\r\n\r\n", 1000)));
        Task sending;
        do
        {
            sending = greedy.SendAsync(requests);
            await Task.WhenAny(sending, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System));
        }
        while (sending.IsCompletedSuccessfully);

        clock.Advance(ConnectionPlaces.AnswerLimit);

        Assert.Equal(200, (await Wire.AskAsync(test.Url, "GET /healthz HTTP/1.1")).Status);
        await Assert.ThrowsAsync<SocketException>(() => sending.WaitAsync(Patience.Test));
    }

    [Fact]
    public async Task A_request_that_comes_before_there_is_somebody_to_answer_it_waits()
    {
        Gate gate = new();
        await using BrokerHost host = await BrokerHost.StartAsync(new Listener(ListenAddress.FreeLoopbackPort, gate.HandleAsync), new CollectedLog().Broker);
        using Socket impatient = await Wire.ConnectAsync(host.Url);
        await impatient.SendAsync(Encoding.ASCII.GetBytes($"GET /healthz HTTP/1.1\r\nHost: {host.Url.Authority}\r\n\r\n"));
        Task<Wire> early = Wire.AskAsync(host.Url, "GET /early HTTP/1.1");
        impatient.Close(0);
        Assert.False(early.IsCompleted);

        gate.Open(context => Answers.WriteAsync(context, System.Net.HttpStatusCode.OK, Encoding.ASCII.GetBytes(context.Request.Path.Value!)));

        Assert.Equal((200, "/early"), ((await early).Status, (await early).Body));
        Assert.Equal("/late", (await Wire.AskAsync(host.Url, "GET /late HTTP/1.1")).Body);
    }

    [Fact]
    public async Task A_request_for_which_there_will_be_nobody_is_told_so()
    {
        Gate gate = new();
        await using BrokerHost host = await BrokerHost.StartAsync(new Listener(ListenAddress.FreeLoopbackPort, gate.HandleAsync), new CollectedLog().Broker);
        Task<Wire> waiting = Wire.AskAsync(host.Url, "GET /healthz HTTP/1.1");

        gate.Close();

        Assert.Equal((503, "1"), ((await waiting).Status, (await waiting).Headers["retry-after"]));
    }

    [Fact]
    public async Task A_thousand_callers_at_once_make_one_call_though_half_of_them_go_away()
    {
        await using BrokerUnderTest test = await StartAsync(new ListenSettings { MaximumConnections = 2000 });
        byte[] request = Encoding.ASCII.GetBytes($"GET /v1/credentials HTTP/1.1\r\nHost: {test.Url.Authority}\r\nAuthorization: Bearer {test.Token}\r\nConnection: close\r\n\r\n");
        Socket[] callers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async _ =>
        {
            Socket caller = await Wire.ConnectAsync(test.Url);
            await caller.SendAsync(request);
            return caller;
        }));
        ScriptedSts.Flight flight = await test.Cache.Sts.NextAsync();
        foreach (Socket caller in callers.Where((_, number) => number % 2 == 0)) caller.Close(0);

        flight.End(test.Cache.Good(TimeSpan.FromHours(1)));

        string[] answers = await Task.WhenAll(callers.Where((_, number) => number % 2 == 1).Select(Wire.ReadToEndAsync));
        Assert.All(answers, answer => Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal));
        Assert.Equal((500, 1), (answers.Length, test.Cache.Sts.Calls));
        foreach (Socket caller in callers) caller.Dispose();
    }

    [Fact]
    public async Task At_the_end_requests_in_flight_are_finished_and_no_new_ones_begin()
    {
        BrokerUnderTest test = await StartAsync(ListenSettings.Default);
        using Socket idle = await Wire.ConnectAsync(test.Url);
        Task<Wire> asked = test.GetAsync();
        ScriptedSts.Flight flight = await test.Cache.Sts.NextAsync();

        Task stopping = test.StopAsync();
        Assert.Equal("", await Wire.ReadToEndAsync(idle)); // it is under way
        await Assert.ThrowsAsync<SocketException>(() => Wire.ConnectAsync(test.Url));
        Assert.False(stopping.IsCompleted);
        flight.End(test.Cache.Good(TimeSpan.FromHours(1)));

        Assert.Equal(200, (await asked).Status);
        await stopping.WaitAsync(Patience.Test);
        await test.DisposeAsync();
    }

    [Fact]
    public async Task A_request_that_comes_while_the_broker_stops_is_told_so()
    {
        BrokerApplication application = new(new CollectedLog().Broker);
        application.Stop();
        FeatureCollection features = Requested();

        BrokerApplication.Exchange exchange = application.CreateContext(features);
        await application.ProcessRequestAsync(exchange);

        Assert.Equal((503, "1"), (exchange.Context.Response.StatusCode, exchange.Context.Response.Headers.RetryAfter.ToString()));
    }

    private static FeatureCollection Requested()
    {
        FeatureCollection features = new();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = "GET" });
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        BoundListener bound = new(new Listener(ListenAddress.FreeLoopbackPort, _ => throw new InvalidOperationException("it was not to be asked")), null);
        features.Set(new ConnectionPlaces.Place(new DefaultConnectionContext(), bound, TimeProvider.System));
        return features;
    }

    private static Task<BrokerUnderTest> StartAsync(ListenSettings settings) => BrokerUnderTest.StartAsync((ListenAddress.FreeLoopbackPort, settings));
}
