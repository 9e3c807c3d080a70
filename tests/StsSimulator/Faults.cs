using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace StsSimulator;

/// <summary>
/// Makes AssumeRole, or other actions, misbehave towards callers whose signature is good. There are two lines: what a call waits for (a delay, a gate)
/// and how it ends (refused, dropped). A call takes the head of each, waits, then ends; each fault serves the number of calls it
/// was asked for and makes room for the next.
/// </summary>
public sealed class Faults
{
    /// <summary>Serves every call until <see cref="Clear"/>.</summary>
    public const int UntilCleared = int.MaxValue;

    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly Queue<Wait> waits = new();
    private readonly Queue<End> ends = new();

    internal Faults(TimeProvider clock) => this.clock = clock;

    /// <summary>Which calls misbehave; set it before there are any.</summary>
    public IReadOnlySet<string> Actions { get; set; } = new HashSet<string> { "AssumeRole" };

    /// <summary>Makes calls last this long, by the simulator's clock: under a fake clock, until the test moves it.</summary>
    public void Delay(TimeSpan by, int calls = UntilCleared) => Add(waits, new Wait(cancel => Task.Delay(by, clock, cancel), null, calls));

    /// <summary>Holds calls until the gate is released.</summary>
    public CallGate Hold(int calls = UntilCleared)
    {
        CallGate held = new();
        Add(waits, new Wait(held.EnterAsync, held, calls));
        return held;
    }

    /// <summary>Answers 400 Throttling, as STS does above its request rate.</summary>
    public void Throttle(int calls = UntilCleared) => Add(ends, new End(StsError.Throttling, calls));

    public void Refuse(int status, string code, string message, int calls = UntilCleared) =>
        Add(ends, new End(new StsError(status, code, message), calls));

    /// <summary>
    /// Closes the connection before any byte of an answer. A client that had it open from an earlier call may by itself try once more
    /// on a new one, as .NET's HttpClient does, and that is the next call: to be sure, drop until cleared.
    /// </summary>
    public void DropConnections(int calls = UntilCleared) => Add(ends, new End(null, calls));

    /// <summary>Ends all faults and releases all gates.</summary>
    public void Clear()
    {
        lock (gate)
        {
            foreach (Wait wait in waits)
                wait.Gate?.Release();
            waits.Clear();
            ends.Clear();
        }
    }

    internal Task WaitAsync(CancellationToken cancel)
    {
        Wait? wait;
        lock (gate)
        {
            while (waits.TryPeek(out wait) && wait.Gate is { IsReleased: true })
                waits.Dequeue();
            wait = Take(waits);
        }
        return wait is null ? Task.CompletedTask : wait.For(cancel);
    }

    internal End? TakeEnd()
    {
        lock (gate)
            return Take(ends);
    }

    private void Add<T>(Queue<T> line, T fault)
        where T : Planned
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fault.Left, 1, "calls");
        lock (gate)
            line.Enqueue(fault);
    }

    private static T? Take<T>(Queue<T> line)
        where T : Planned
    {
        if (!line.TryPeek(out T? fault))
            return null;
        if (fault.Left != UntilCleared && --fault.Left == 0)
            line.Dequeue();
        return fault;
    }

    internal abstract class Planned(int calls)
    {
        public int Left { get; set; } = calls;
    }

    /// <summary>A null error drops the connection.</summary>
    internal sealed class End(StsError? error, int calls) : Planned(calls)
    {
        public StsError? Error => error;
    }

    private sealed class Wait(Func<CancellationToken, Task> wait, CallGate? gate, int calls) : Planned(calls)
    {
        public Func<CancellationToken, Task> For => wait;

        public CallGate? Gate => gate;
    }
}
