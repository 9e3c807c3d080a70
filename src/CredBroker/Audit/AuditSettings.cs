namespace CredBroker.Audit;

/// <param name="Path">The file; absolute.</param>
/// <param name="IsOptional">Credentials leave also when their line cannot be written.</param>
/// <param name="RotateAt">The size, in bytes, from which a file gets its older name and a new one is begun. Nothing is ever deleted.</param>
internal sealed record AuditSettings(string Path, bool IsOptional = false, long RotateAt = 64 * 1024 * 1024);
