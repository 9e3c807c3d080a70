using System;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace StsSimulator.Tests;

public class FaultTests
{
    [Fact]
    public async Task Throttles_as_many_calls_as_it_was_told()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        test.Sts.Faults.Throttle(calls: 2);

        StsReply first = await test.PostAsync(StsUnderTest.AssumeRole());
        StsReply second = await test.PostAsync(StsUnderTest.AssumeRole());
        StsReply third = await test.PostAsync(StsUnderTest.AssumeRole());

        Assert.Equal((400, "Throttling", "Rate exceeded"), (first.Status, first.Code, first.Message));
        Assert.Equal((400, 200), (second.Status, third.Status));
        Assert.Equal(["Throttling", "Throttling", RecordedCall.Success], test.Sts.Calls.Select(call => call.Outcome));
    }

    [Fact]
    public async Task Faults_serve_one_after_the_other_until_cleared()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        test.Sts.Faults.Refuse(503, "ServiceUnavailable", "Not now", calls: 1);
        test.Sts.Faults.Throttle();

        StsReply first = await test.PostAsync(StsUnderTest.AssumeRole());
        StsReply second = await test.PostAsync(StsUnderTest.AssumeRole());
        StsReply third = await test.PostAsync(StsUnderTest.AssumeRole());
        test.Sts.Faults.Clear();
        StsReply fourth = await test.PostAsync(StsUnderTest.AssumeRole());

        Assert.Equal((503, "ServiceUnavailable", "Not now", "Receiver"), (first.Status, first.Code, first.Message, first["Type"]));
        Assert.Equal(("Throttling", "Throttling", 200), (second.Code, third.Code, fourth.Status));
    }

    [Fact]
    public async Task Only_AssumeRole_with_a_good_signature_meets_faults()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        test.Sts.Faults.Throttle(calls: 1);

        StsReply identity = await test.PostAsync(StsUnderTest.Action("GetCallerIdentity"));
        StsReply stranger = await test.PostAsync(StsUnderTest.AssumeRole(), test.Alice with { SecretAccessKey = "wrong" });
        StsReply role = await test.PostAsync(StsUnderTest.AssumeRole());

        Assert.Equal((200, "SignatureDoesNotMatch", "Throttling"), (identity.Status, stranger.Code, role.Code));
    }

    [Fact]
    public async Task Drops_the_connection_before_any_answer()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        test.Sts.Faults.DropConnections(calls: 1);

        await Assert.ThrowsAsync<HttpRequestException>(() => test.PostAsync(StsUnderTest.AssumeRole()));

        Assert.Equal(RecordedCall.ConnectionDropped, test.LastOutcome);
        Assert.Equal(200, (await test.PostAsync(StsUnderTest.AssumeRole())).Status);
    }

    [Fact]
    public async Task Holds_calls_until_they_are_released()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        CallGate gate = test.Sts.Faults.Hold();

        Task<StsReply> first = test.PostAsync(StsUnderTest.AssumeRole());
        Task<StsReply> second = test.PostAsync(StsUnderTest.AssumeRole());
        await gate.WaitForCallsAsync(2);
        Assert.Equal([null, null], test.Sts.Calls.Select(call => call.Outcome));
        Assert.False(first.IsCompleted || second.IsCompleted);

        gate.Release();

        Assert.Equal((200, 200), ((await first).Status, (await second).Status));
        Assert.Equal(200, (await test.PostAsync(StsUnderTest.AssumeRole())).Status);
    }

    [Fact]
    public async Task Decides_how_a_held_call_ends_once_it_is_released()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        CallGate gate = test.Sts.Faults.Hold();
        Task<StsReply> held = test.PostAsync(StsUnderTest.AssumeRole());
        await gate.WaitForCallsAsync(1);

        test.Sts.Faults.Refuse(403, "ExpiredToken", "expired", calls: 1);
        gate.Release();

        Assert.Equal("ExpiredToken", (await held).Code);
    }

    [Fact]
    public async Task Clearing_releases_the_gate()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        CallGate gate = test.Sts.Faults.Hold();
        Task<StsReply> held = test.PostAsync(StsUnderTest.AssumeRole());
        await gate.WaitForCallsAsync(1);

        test.Sts.Faults.Clear();

        Assert.Equal(200, (await held).Status);
    }

    [Fact]
    public async Task Is_slow_by_its_own_clock()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        CallGate gate = test.Sts.Faults.Hold(calls: 1);
        test.Sts.Faults.Delay(TimeSpan.FromSeconds(2), calls: 1);
        Task<StsReply> held = test.PostAsync(StsUnderTest.AssumeRole());
        await gate.WaitForCallsAsync(1);

        // The delay is the second in line: it is for the second call, and the first is free to go.
        Task<StsReply> slow = test.PostAsync(StsUnderTest.AssumeRole());
        await test.Clock.TimerStarted;
        gate.Release();
        Assert.Equal(200, (await held).Status);
        Assert.False(slow.IsCompleted);
        test.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(200, (await slow).Status);
    }

    [Fact]
    public async Task A_caller_who_goes_away_is_remembered_so()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        CallGate gate = test.Sts.Faults.Hold();
        using CancellationTokenSource cancel = new();
        using HttpRequestMessage request = test.Alice.Post(test.Sts.Url, StsUnderTest.AssumeRole());
        Task<HttpResponseMessage> held = test.Client.SendAsync(request, cancel.Token);
        await gate.WaitForCallsAsync(1);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);

        // The server learns of it when it does: each round asks it something else.
        while (test.Sts.Calls[0].Outcome is null)
            await test.PostAsync(StsUnderTest.Action("GetCallerIdentity"));
        Assert.Equal(RecordedCall.Abandoned, test.Sts.Calls[0].Outcome);
    }

    [Fact]
    public async Task Ends_at_once_while_calls_are_held()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();
        CallGate gate = test.Sts.Faults.Hold();
        Task<StsReply> held = test.PostAsync(StsUnderTest.AssumeRole());
        await gate.WaitForCallsAsync(1);

        await test.Sts.DisposeAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => held);
        Assert.Equal(RecordedCall.Abandoned, test.LastOutcome);
    }

    [Fact]
    public async Task A_fault_is_for_one_call_at_least()
    {
        await using StsUnderTest test = await StsUnderTest.StartAsync();

        Assert.Throws<ArgumentOutOfRangeException>(() => test.Sts.Faults.Throttle(calls: 0));
    }
}
