using System.Threading.Tasks;

namespace CredBroker.Audit;

/// <summary>Keeps nothing.</summary>
internal sealed class UnkeptTrail : IAuditTrail
{
    public bool IsWritable => true;

    public ValueTask<Failure?> RecordAsync(AuditEvent entry) => ValueTask.FromResult<Failure?>(null);
}
