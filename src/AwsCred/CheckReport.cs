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
    private const int LineMemory = 2 * MaximumText + 3000;

    private readonly bool _isJson;
    private Text _json;
    private long _start; // microseconds
    private int _count;

    /// <param name="memory"><see cref="Memory"/> bytes.</param>
    public CheckReport(bool isJson, byte* memory)
    {
        _isJson = isJson;
        Text = new Text(memory, MaximumText);
        Hint = new Text(memory + MaximumText, MaximumText);
        _json = new Text(memory + 2 * MaximumText, isJson ? JsonMemory : 0);
        _start = Clock.Microseconds();
        _count = 0;
        HasFailed = false;
        Token = default;
        TokenLength = 0;
    }

    public bool HasFailed { get; private set; }

    /// <summary>To keep out of all that is written.</summary>
    public byte* Token;

    public int TokenLength;

    /// <summary>The text of the check under way: what it found.</summary>
    public Text Text;

    /// <summary>What to do about it.</summary>
    public Text Hint;

    public void Fail(ReadOnlySpan<byte> name, in Problem problem)
    {
        Text.Clear();
        Hint.Clear();
        Text.Append(problem.Line.Written);
        Hint.Append(problem.Hint.Written);
        End(name, CheckResult.Fail);
    }

    public void Skip(ReadOnlySpan<byte> name, ReadOnlySpan<byte> why)
    {
        Text.Append(why);
        End(name, CheckResult.Skip);
    }

    /// <summary>Writes the check with its result and the time since the one before it, and begins the next.</summary>
    public void End(ReadOnlySpan<byte> name, CheckResult result)
    {
        HasFailed |= result == CheckResult.Fail;
        long now = Clock.Microseconds();
        ReadOnlySpan<byte> token = new(Token, TokenLength);
        Text.Redact(token);
        Hint.Redact(token);
        if (_isJson) AppendJson(name, result, now - _start);
        else PrintLine(name, result, now - _start);
        _count++;
        Text.Clear();
        Hint.Clear();
        _start = Clock.Microseconds();
    }

    /// <summary>Ends the report; false where standard output does not take it.</summary>
    public bool TryFinish(scoped ref Problem problem)
    {
        if (!_isJson) return true;
        _json.Append("],\"ok\":"u8);
        _json.Append(HasFailed ? "false}\n"u8 : "true}\n"u8);
        return !_json.Overflowed && Output.TryWriteStandardOutput(_json.Written, ref problem);
    }

    private void PrintLine(ReadOnlySpan<byte> name, CheckResult result, long microseconds)
    {
        byte* memory = stackalloc byte[LineMemory];
        Text line = new(memory, LineMemory);
        line.Append(result switch { CheckResult.Ok => "[ OK ] "u8, CheckResult.Warn => "[WARN] "u8, CheckResult.Fail => "[FAIL] "u8, _ => "[SKIP] "u8 });
        line.Append(name);
        line.Append(": "u8);
        line.Append(Text.Written);
        line.Append(" ("u8);
        AppendMilliseconds(microseconds, ref line);
        line.Append(" ms)\n"u8);
        if (Hint.Length > 0)
        {
            line.Append("       hint: "u8);
            line.Append(Hint.Written);
            line.Append((byte)'\n');
        }

        byte* ignored = stackalloc byte[Problem.Memory];
        Problem problem = new(ignored);
        Output.TryWriteStandardOutput(line.Written, ref problem);
    }

    private void AppendJson(ReadOnlySpan<byte> name, CheckResult result, long microseconds)
    {
        if (_count == 0)
        {
            _json.Append("{\"version\":\""u8);
            _json.Append(BuildFacts.Version);
            _json.Append("\",\"rid\":\""u8);
            _json.Append(BuildFacts.Rid);
            _json.Append("\",\"checks\":["u8);
        }
        else
        {
            _json.Append((byte)',');
        }

        _json.Append("{\"name\":\""u8);
        _json.Append(name);
        _json.Append("\",\"result\":\""u8);
        _json.Append(result switch { CheckResult.Ok => "ok"u8, CheckResult.Warn => "warn"u8, CheckResult.Fail => "fail"u8, _ => "skip"u8 });
        _json.Append("\",\"text\":\""u8);
        AppendEscaped(Text.Written, ref _json);
        if (Hint.Length > 0)
        {
            _json.Append("\",\"hint\":\""u8);
            AppendEscaped(Hint.Written, ref _json);
        }

        _json.Append("\",\"milliseconds\":"u8);
        AppendMilliseconds(microseconds, ref _json);
        _json.Append((byte)'}');
    }

    private static void AppendMilliseconds(long microseconds, ref Text text)
    {
        text.AppendNumber(microseconds / 1000);
        text.Append((byte)'.');
        text.AppendPadded((int)(microseconds % 1000 / 100), 1);
    }

    private static void AppendEscaped(ReadOnlySpan<byte> printable, ref Text text)
    {
        for (int i = 0; i < printable.Length; i++)
        {
            if (printable[i] is (byte)'"' or (byte)'\\') text.Append((byte)'\\');
            text.Append(printable[i]);
        }
    }
}
