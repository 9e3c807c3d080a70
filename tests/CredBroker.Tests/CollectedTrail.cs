using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Audit;

namespace CredBroker.Tests;

/// <summary>An audit in memory, which fails or stalls when it is told to.</summary>
internal sealed class CollectedTrail : IAuditTrail
{
    private readonly Lock _lock = new();
    private readonly List<AuditEvent> _events = [];

    /// <summary>Why lines cannot be written; null: they can.</summary>
    public Failure? Failure { get; set; }

    /// <summary>A disk that never comes back.</summary>
    public bool IsStalled { get; set; }

    public bool IsWritable => Failure is null;

    public IReadOnlyList<AuditEvent> Events
    {
        get
        {
            lock (_lock) return [.. _events];
        }
    }

    public IEnumerable<AuditEvent> Refusals => Events.Where(entry => entry.Kind == AuditKind.RequestRefused);

    public ValueTask<Failure?> RecordAsync(AuditEvent entry)
    {
        lock (_lock) _events.Add(entry);
        return IsStalled ? new ValueTask<Failure?>(new TaskCompletionSource<Failure?>().Task) : ValueTask.FromResult(Failure);
    }
}
