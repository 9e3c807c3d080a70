namespace CredBroker.Audit;

/// <summary>Where a chain stands: the number and hash of its last line.</summary>
/// <param name="Hash">SHA-256, 64 lower-case hex digits.</param>
internal readonly record struct AuditTail(long Seq, string Hash)
{
    /// <summary>Before the first line.</summary>
    public static AuditTail Start { get; } = new(0, new string('0', 64));

    /// <summary><c>SEQ:HASH</c>, to be noted elsewhere.</summary>
    public override string ToString() => $"{Seq}:{Hash}";
}
