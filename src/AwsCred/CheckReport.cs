using System;
using AwsCred.Native;

namespace AwsCred;

internal enum CheckResult
{
    Ok,
    Warn,
    Fail,
    Skip,
}

/// <summary>
/// What <c>--check</c> says: one line a check, at once, or one JSON object at the end. Nothing in it is secret: the token is
/// overwritten wherever it stands, so that the whole can be pasted into a bug report.
/// </summary>
internal unsafe struct CheckReport
{
    public const int MaximumText = 600;
    public const int JsonMemory = 32 * 1024;
    public const int Memory = 2 * MaximumText + JsonMemory;
    private const int LineMemory = 2 * MaximumText + 200;

    private static CheckReport* s_underWay;

    private readonly bool _isJson;
    private Text _json;
    private readonly int _jsonStart; // of the first check
    private int _jsonEnd; // of the last check that is complete
    private bool _isLost; // a line, or more
    private byte* _name; // of the check under way
    private int _nameLength;
    private long _start; // microseconds

    /// <param name="memory"><see cref="Memory"/> bytes.</param>
    public CheckReport(bool isJson, byte* memory)
    {
        this = default;
        _isJson = isJson;
        Text = new Text(memory, MaximumText);
        Hint = new Text(memory + MaximumText, MaximumText);
        _json = new Text(memory + 2 * MaximumText, JsonMemory);
        _start = Clock.Microseconds();
        CheckJson.AppendStart(ref _json);
        _jsonStart = _jsonEnd = _json.Length;
    }

    public bool HasFailed { get; private set; }

    /// <summary>To keep out of all that is written.</summary>
    public byte* Token;

    public int TokenLength;

    /// <summary>The text of the check under way: what it found.</summary>
    public Text Text;

    /// <summary>What to do about it.</summary>
    public Text Hint;

    /// <summary>The end of the time will end the report, with what there is by then.</summary>
    /// <param name="report">Where it stays until <see cref="TryFinish"/>.</param>
    public static void EndAtDeadline(CheckReport* report)
    {
        s_underWay = report;
        Deadline.ReportBy(&TryEndAtOnce);
    }

    /// <param name="name">A literal.</param>
    public void Begin(ReadOnlySpan<byte> name)
    {
        fixed (byte* start = name) _name = start;
        _nameLength = name.Length;
    }

    /// <summary>Returns false, so that a Try method can return it.</summary>
    public bool Fail(in Problem problem)
    {
        Text.Clear();
        Hint.Clear();
        Text.Append(problem.Line.Written);
        Hint.Append(problem.Hint.Written);
        End(CheckResult.Fail);
        return false;
    }

    public void Skip(ReadOnlySpan<byte> why)
    {
        Text.Append(why);
        End(CheckResult.Skip);
    }

    /// <summary>Writes the check with its result and the time since the one before it.</summary>
    public void End(CheckResult result)
    {
        byte* memory = stackalloc byte[LineMemory + Problem.Memory];
        Text line = new(memory, LineMemory);
        Append(result, ref line);
        if (!_isJson)
        {
            Deadline.Enter("writing the report to standard output"u8);
            Problem ignored = new(memory + LineMemory); // TryFinish tells: the checks go on, and another line may be taken
            _isLost |= !Output.TryWriteStandardOutput(line.Written, ref ignored);
        }

        _jsonEnd = _json.Length;
        Text.Clear();
        Hint.Clear();
        Begin("deadline"u8); // where it comes between two checks
        _start = Clock.Microseconds();
    }

    /// <summary>Ends the report; false where standard output does not take it.</summary>
    public bool TryFinish(scoped ref Problem problem)
    {
        Deadline.ReportBy(null);
        if (!_isJson) return !_isLost || problem.Set(ExitCode.Failed, "cannot write all of the report to standard output"u8);
        CheckJson.AppendEnd(HasFailed, ref _json);
        Deadline.Enter("writing the report to standard output"u8);
        return !_json.Overflowed && Output.TryWriteStandardOutput(_json.Written, ref problem);
    }

    public static void AppendMilliseconds(long microseconds, ref Text text)
    {
        text.AppendNumber(microseconds / 1000);
        text.Append((byte)'.');
        text.AppendPadded((int)(microseconds % 1000 / 100), 1);
    }

    /// <summary>In the signal's handler: the run does not go on, and whatever it was writing into is begun again.</summary>
    private static bool TryEndAtOnce(ReadOnlySpan<byte> why)
    {
        CheckReport* report = s_underWay;
        report->_json.Shorten(report->_jsonEnd);
        report->Text.Clear();
        report->Hint.Clear();
        report->Text.Append(why);
        report->Hint.Append("Something on the way does not answer: a name server, a firewall that drops packets, or the broker itself."u8);
        byte* memory = stackalloc byte[LineMemory];
        Text line = new(memory, LineMemory);
        report->Append(CheckResult.Fail, ref line);
        CheckJson.AppendEnd(hasFailed: true, ref report->_json);
        return Output.TryWriteAtOnce(1, report->_isJson ? report->_json.Written : line.Written);
    }

    /// <summary>The check in both forms.</summary>
    private void Append(CheckResult result, ref Text line)
    {
        HasFailed |= result == CheckResult.Fail;
        long microseconds = Clock.Microseconds() - _start;
        ReadOnlySpan<byte> token = new(Token, TokenLength), name = new(_name, _nameLength);
        Text.Redact(token);
        Hint.Redact(token);
        CheckJson.Append(isFirst: _jsonEnd == _jsonStart, name, result, Text, Hint, microseconds, ref _json);

        line.Append(result switch { CheckResult.Ok => "[ OK ] "u8, CheckResult.Warn => "[WARN] "u8, CheckResult.Fail => "[FAIL] "u8, _ => "[SKIP] "u8 });
        line.Append(name);
        line.Append(": "u8);
        line.Append(Text.Written);
        line.Append(" ("u8);
        AppendMilliseconds(microseconds, ref line);
        line.Append(" ms)\n"u8);
        if (Hint.Length == 0) return;
        line.Append("       hint: "u8);
        line.Append(Hint.Written);
        line.Append((byte)'\n');
    }
}
