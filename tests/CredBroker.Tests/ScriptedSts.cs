using System;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using CredBroker.Credentials;

namespace CredBroker.Tests;

/// <summary>An <see cref="AssumeRole"/> whose every call the test sees, and ends as it likes.</summary>
internal sealed class ScriptedSts
{
    private readonly Channel<Flight> _flights = Channel.CreateUnbounded<Flight>();
    private int _calls;

    /// <summary>Answers calls at once, by their number from 1; null: the test ends each.</summary>
    public Func<int, RoleRequest, AssumeRoleResult>? Answer { get; set; }

    /// <summary>How many calls there have been. Only final once the cache is disposed: flights start on the pool.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public Task<AssumeRoleResult> AssumeAsync(RoleRequest request, CancellationToken cancellation)
    {
        Flight flight = new(Interlocked.Increment(ref _calls), request, cancellation);
        Assert.True(_flights.Writer.TryWrite(flight));
        if (Answer is not null) flight.End(Answer(flight.Number, request));
        return flight.Result;
    }

    /// <summary>The next call that nobody has taken yet.</summary>
    public Task<Flight> NextAsync() => _flights.Reader.ReadAsync().AsTask().WaitAsync(Patience.Test);

    internal sealed class Flight(int number, RoleRequest request, CancellationToken cancellation)
    {
        private readonly TaskCompletionSource<AssumeRoleResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Number => number;

        public RoleRequest Request => request;

        public CancellationToken Cancellation => cancellation;

        public Task<AssumeRoleResult> Result => _result.Task;

        public void End(AssumeRoleResult result) => _result.SetResult(result);

        public void End(Exception exception) => _result.SetException(exception);
    }
}
