using System.Threading.Tasks;

namespace CredBroker.Audit;

/// <summary>Where every issuance, refusal and change is written down.</summary>
internal interface IAuditTrail
{
    /// <summary>False while no credentials may leave because their line cannot be written; the next that is written makes it true.</summary>
    bool IsWritable { get; }

    /// <summary>Ends when the line is on disk; for a refusal at once, which nobody must wait for. Safe from any thread.</summary>
    /// <returns>Null: it is kept. A failure: it is not, and no credentials may leave without it.</returns>
    ValueTask<Failure?> RecordAsync(AuditEvent entry);
}
