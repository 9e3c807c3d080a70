using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace CredBroker.Audit;

/// <summary>What is written by one write and waits for it together.</summary>
internal sealed class AuditBatch
{
    public List<(AuditEvent Entry, DateTimeOffset Time)> Entries { get; private init; } = [];

    public TaskCompletionSource<Failure?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AuditBatch Emptied()
    {
        Entries.Clear();
        return new AuditBatch { Entries = Entries };
    }
}
