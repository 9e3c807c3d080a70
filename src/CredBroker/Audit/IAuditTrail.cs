using System.Threading.Tasks;

namespace CredBroker.Audit;

/// <summary>Where every issuance, refusal and change is written down.</summary>
internal interface IAuditTrail
{
    /// <summary>Whether the last line could be written.</summary>
    bool IsWritable { get; }

    /// <summary>Ends when the line is on disk. Safe from any thread.</summary>
    /// <returns>Null: it is kept. A failure: it is not, and no credentials may leave without it.</returns>
    ValueTask<Failure?> RecordAsync(AuditEvent entry);
}
