using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace StsSimulator;

/// <summary>Holds calls back until the test lets them go on.</summary>
public sealed class CallGate
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(int Count, TaskCompletionSource Reached)> watchers = [];
    private int arrived;

    public bool IsReleased => released.Task.IsCompleted;

    /// <summary>Done once this many calls have come to the gate.</summary>
    public Task WaitForCallsAsync(int count, CancellationToken cancel = default)
    {
        lock (gate)
        {
            if (arrived >= count)
                return Task.CompletedTask;
            TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            watchers.Add((count, reached));
            return reached.Task.WaitAsync(cancel);
        }
    }

    /// <summary>Lets the held calls, and all that come later, pass.</summary>
    public void Release() => released.TrySetResult();

    internal Task EnterAsync(CancellationToken cancel)
    {
        lock (gate)
        {
            arrived++;
            foreach ((int count, TaskCompletionSource reached) in watchers)
            {
                if (arrived >= count)
                    reached.TrySetResult();
            }
        }
        return released.Task.WaitAsync(cancel);
    }
}
