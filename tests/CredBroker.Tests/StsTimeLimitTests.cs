using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Credentials;
using StsSimulator;

namespace CredBroker.Tests;

/// <summary>No flight hangs: whatever stands still on the way, it ends by its own limits with a failure that may pass.</summary>
[Collection(HostEnvironmentTests.Name)]
public sealed class StsTimeLimitTests : IAsyncLifetime
{
    /// <summary>So short that the flight is over before three attempts are.</summary>
    private static readonly StsLimits ShortFlight = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(20));

    /// <summary>So short that the attempts end, and not the flight.</summary>
    private static readonly StsLimits ShortAttempts = new(TimeSpan.FromSeconds(60), TimeSpan.FromMilliseconds(1500));

    private StsUnderTest _test = null!;

    public async Task InitializeAsync() => _test = await StsUnderTest.StartAsync();

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public void One_attempt_is_shorter_than_a_flight_and_a_flight_than_the_patience_of_run()
    {
        Assert.True(StsLimits.Usual.Attempt * 3 < StsLimits.Usual.Flight);
        Assert.True(StsLimits.Usual.Flight < TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("an STS that holds the call", true)]
    [InlineData("an STS that holds the call, by the flight's limit", false)]
    public async Task Held(string why, bool byAttempts)
    {
        _test.Sts.Faults.Hold();

        Failure failure = await FailAsync(StsUnderTest.Request, byAttempts ? ShortAttempts : ShortFlight);

        Assert.Equal((why, "StsUnreachable"), (why, failure.Code));
        // Three attempts, which the SDK may cut by the retry quota of the whole process; and .NET sends one up to three times more where its connection ends before a byte of the answer.
        Assert.InRange(_test.Sts.Calls.Count, 1, byAttempts ? 3 * 4 : 1);
    }

    [Fact]
    public async Task Slow_beyond_its_limit()
    {
        // By the simulator's clock, which nobody moves.
        _test.Sts.Faults.Delay(TimeSpan.FromMinutes(1));

        Assert.Equal("StsUnreachable", (await FailAsync(StsUnderTest.Request, ShortFlight)).Code);
    }

    [Fact]
    public async Task Slow_and_then_there()
    {
        _test.Sts.Faults.Hold(calls: 2);

        AssumeRoleResult result = await StsRoleAssumer.AssumeAsync(StsUnderTest.Request, new StsLimits(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(2)), CancellationToken.None).WaitAsync(Patience.Test);

        Assert.NotNull(result.Credentials);
    }

    [Theory]
    [InlineData("accepts and never answers", true)]
    [InlineData("does not even accept: the kernel does, and nobody reads", false)]
    public async Task A_dead_connection(string why, bool accepts)
    {
        using DeadServer dead = new(accepts);
        _test.Environment["AWS_ENDPOINT_URL_STS"] = dead.Url.ToString();

        Failure failure = await FailAsync(StsUnderTest.Request, ShortAttempts);

        Assert.Equal((why, FailureKind.Unavailable, "StsUnreachable"), (why, failure.Kind, failure.Code));
    }

    [Fact]
    public async Task The_question_who_the_host_is_is_within_the_same_flight()
    {
        _test.Sts.Faults.Actions = new HashSet<string> { "GetCallerIdentity" };
        CallGate gate = _test.Sts.Faults.Hold();

        Failure failure = await FailAsync(StsUnderTest.Request with { RoleArn = StsUnderTest.PlainRole, DurationSeconds = 7200 }, new StsLimits(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(60)));

        Assert.Equal("ValidationError", failure.Code);
        await gate.WaitForCallsAsync(1).WaitAsync(Patience.Test);
    }

    [Fact]
    public async Task An_MFA_session_is_within_a_flight_of_its_own()
    {
        using DeadServer dead = new(accepts: true);
        _test.Environment["AWS_ENDPOINT_URL_STS"] = dead.Url.ToString();
        MfaLogin login = new((_, _) => Task.FromResult<string?>("111111"), _test.Clock, ShortFlight);

        Failure? failure = await login.BeginAsync(StsUnderTest.Request with { MfaSerial = StsUnderTest.MfaSerial }, CancellationToken.None).WaitAsync(Patience.Test);

        Assert.Equal("StsUnreachable", failure!.Code);
    }

    [Fact]
    public async Task A_process_that_gives_the_host_its_identity_is_within_the_flight()
    {
        _test.Environment.WriteConfig("[profile work]\ncredential_process = /bin/sleep 5\n");

        Failure failure = await FailAsync(StsUnderTest.Request with { AwsProfile = "work" }, ShortFlight);

        Assert.Equal("SourceIdentityTimeout", failure.Code);
        Assert.Empty(_test.Sts.Calls);
    }

    private static async Task<Failure> FailAsync(RoleRequest request, StsLimits limits)
    {
        AssumeRoleResult result = await StsRoleAssumer.AssumeAsync(request, limits, CancellationToken.None).WaitAsync(Patience.Test);
        Assert.Equal((default, true), (result.Credentials, result.Failure!.Kind == FailureKind.Unavailable || result.Failure.Code == "ValidationError"));
        return result.Failure;
    }

    /// <summary>A host that is there, and nothing more.</summary>
    private sealed class DeadServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<Socket> _accepted = [];

        public DeadServer(bool accepts)
        {
            _listener.Start();
            if (accepts) _ = AcceptAsync();
        }

        public Uri Url => new($"http://{_listener.LocalEndpoint}");

        public void Dispose()
        {
            _listener.Stop();
            lock (_accepted) _accepted.ForEach(socket => socket.Dispose());
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    Socket socket = await _listener.AcceptSocketAsync();
                    lock (_accepted) _accepted.Add(socket);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
