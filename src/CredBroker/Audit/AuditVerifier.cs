using System;
using System.Collections.Generic;
using System.Linq;

namespace CredBroker.Audit;

/// <summary>What was found in a trail. <see cref="Problems"/> is empty where it is whole.</summary>
/// <param name="Problems">Where, which, and what was expected; at most <see cref="AuditVerifier.MostProblems"/> of them.</param>
/// <param name="ProblemCount">All of them.</param>
/// <param name="Notes">Lines that were cut by a power cut or a kill, and are sealed by the line after.</param>
internal sealed record AuditVerdict(IReadOnlyList<string> Problems, long ProblemCount, IReadOnlyList<string> Notes, long Lines, int Files, string? FirstTime, string? LastTime, AuditTail Head);

/// <summary>
/// Follows a chain from its first line to its last. A chain without a secret shows what was changed by somebody who did not write all that follows anew;
/// who did is found by a head that was noted elsewhere: <paramref name="expected"/>.
/// </summary>
internal sealed class AuditVerifier(IReadOnlyList<AuditTail> expected)
{
    public const int MostProblems = 20;

    private readonly List<string> _problems = [], _notes = [];
    private readonly HashSet<AuditTail> _awaited = [.. expected];
    private long _problemCount, _lines;
    private int _files;
    private string? _firstTime, _lastTime;
    private AuditTail _tail = AuditTail.Start;
    private bool _isFirst = true;

    /// <summary>The last of lines that stand where they do not belong: said once, and not for each.</summary>
    private AuditTail? _stray;

    /// <summary>A line that is none, until the next one says whether it was cut.</summary>
    private (string Place, long Length, string Hash)? _unread;

    /// <exception cref="System.IO.IOException">A file cannot be read, or there is none.</exception>
    public AuditVerdict Verify(string path)
    {
        foreach (AuditRow row in AuditLines.Read(path, _ => _files++)) Check(row);
        if (_unread is { } last) Problem($"{last.Place}: the last line is cut: {last.Length} bytes without their end, after line {_tail.Seq}; the next line that is written will say so");
        foreach (AuditTail head in expected.Where(_awaited.Contains)) Problem(WhyNotFound(head));
        return new AuditVerdict(_problems, _problemCount, _notes, _lines, _files, _firstTime, _lastTime, _tail);
    }

    private void Check(AuditRow row)
    {
        if (row.Record is not { } record)
        {
            ReportUnread();
            _unread = (row.Place, row.Reader.Length, row.Reader.Hash);
            if (row.Reader.IsWhole && row.Reader.Length == 0) ReportUnread();
            return;
        }

        bool follows = Follows(record, _tail), followsStray = _stray is { } stray && Follows(record, stray);
        if (_unread is { } unread)
        {
            bool isSealed = follows && record.IsSound && record["kind"] == AuditKinds.TailRecovered && record["cut"] == unread.Hash && record["count"] == $"{unread.Length}";
            if (isSealed) _notes.Add($"{unread.Place}: a line was cut while it was written ({unread.Length} bytes), as line {record.Seq} says: by a power cut or a kill");
            if (isSealed) _unread = null;
            else ReportUnread();
        }

        if (!record.IsSound) Problem($"{row.Place}: line {record.Seq} was edited: its bytes do not give the hash {Short(record.Hash)} that it has");
        if (!follows && !followsStray && !BeginsExpected(record)) Problem($"{row.Place}: {WhyNotNext(record)}");
        if (record.Seq > _tail.Seq) (_tail, _stray) = (record.Tail, null);
        else _stray = record.Tail;
        _isFirst = false;
        _lines++;
        _awaited.Remove(record.Tail);
        _firstTime ??= record["time"];
        _lastTime = record["time"];
    }

    private static bool Follows(AuditRecord record, AuditTail tail) => record.Seq == tail.Seq + 1 && record.Prev == tail.Hash;

    /// <summary>Older files may stand elsewhere: a head that was noted of them is where these begin.</summary>
    private bool BeginsExpected(AuditRecord record) => _isFirst && _awaited.Remove(new AuditTail(record.Seq - 1, record.Prev));

    private string WhyNotNext(AuditRecord record)
    {
        long next = _tail.Seq + 1;
        if (record.Seq > next)
        {
            string lines = record.Seq == next + 1 ? $"line {next} is" : $"lines {next} to {record.Seq - 1} are";
            return $"{lines} missing: expected {next}, found {record.Seq}{(_isFirst ? $" (where older files stand elsewhere, give --expect {record.Seq - 1}:HASH as it was noted)" : "")}";
        }

        if (record.Seq < next) return $"line {record.Seq} is out of order or a second time: expected {next}";
        return $"line {record.Seq} does not follow what stands before it: it says that line {_tail.Seq} has the hash {Short(record.Prev)}, and that has {Short(_tail.Hash)}: one of the two was replaced";
    }

    private string WhyNotFound(AuditTail head) => head.Seq > _tail.Seq
        ? $"line {head.Seq}, which is expected, is not there: the last line is {_tail.Seq}; what followed was removed"
        : $"line {head.Seq} with the hash {Short(head.Hash)}, which is expected, is not there: the chain was written anew, or its beginning removed";

    private void ReportUnread()
    {
        if (_unread is { } unread) Problem($"{unread.Place}: not an audit line ({unread.Length} bytes): inserted, cut, or joined with another; expected line {_tail.Seq + 1}");
        _unread = null;
    }

    private void Problem(string text)
    {
        if (++_problemCount <= MostProblems) _problems.Add(text);
    }

    /// <summary>Enough to tell one from another by eye.</summary>
    private static string Short(string hash) => hash[..12] + "…";
}
