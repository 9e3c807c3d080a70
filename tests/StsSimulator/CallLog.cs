using System.Collections.Generic;
using System.Threading;

namespace StsSimulator;

/// <summary>The calls so far, in the order in which they came.</summary>
internal sealed class CallLog
{
    private readonly Lock gate = new();
    private readonly List<RecordedCall> calls = [];

    public IReadOnlyList<RecordedCall> Snapshot()
    {
        lock (gate)
            return [.. calls];
    }

    /// <summary>Gives the number by which the call is ended.</summary>
    public int Begin(RecordedCall call)
    {
        lock (gate)
        {
            calls.Add(call);
            return calls.Count - 1;
        }
    }

    public void End(int number, string outcome)
    {
        lock (gate)
            calls[number] = calls[number] with { Outcome = outcome };
    }
}
