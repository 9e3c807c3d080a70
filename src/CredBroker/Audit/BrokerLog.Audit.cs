using Microsoft.Extensions.Logging;

namespace CredBroker;

/// <summary>What the audit logs.</summary>
internal sealed partial class BrokerLog
{
    [LoggerMessage(60, LogLevel.Error, "the audit cannot be written: {Why}; no credentials leave until it can be")]
    public partial void AuditUnwritable(string why);

    [LoggerMessage(61, LogLevel.Error, "the audit cannot be written: {Why}; credentials leave WITHOUT THEIR AUDIT LINES, as --audit-optional has it")]
    public partial void AuditLeftOut(string why);

    [LoggerMessage(62, LogLevel.Warning, "the audit is written again; {Lost} events could not be kept, and a line says so")]
    public partial void AuditWritableAgain(long lost);

    [LoggerMessage(67, LogLevel.Warning, "the audit is written again, and no event is missing in it")]
    public partial void AuditWritableAndWhole();

    [LoggerMessage(68, LogLevel.Error, "{Lost} events may be missing in the audit without a line that says so: it could not be written to the end")]
    public partial void AuditEventsLost(long lost);

    [LoggerMessage(63, LogLevel.Error, "the last line of {Path}, number {Seq}, has been changed: see cred-broker audit verify")]
    public partial void AuditLineChanged(string path, long seq);

    [LoggerMessage(64, LogLevel.Error, "{Path} has lost lines: line {Seq} was written, and the last one there is {Found}; see cred-broker audit verify")]
    public partial void AuditLinesGone(string path, long seq, long found);

    [LoggerMessage(65, LogLevel.Warning, "{Path} ended in a line that was cut while it was written ({Bytes} bytes); it is kept, and the next line says so")]
    public partial void AuditTailRecovered(string path, long bytes);

    [LoggerMessage(66, LogLevel.Warning, "cannot rotate {Path}: {Why}; it grows on")]
    public partial void AuditNotRotated(string path, string why);
}
