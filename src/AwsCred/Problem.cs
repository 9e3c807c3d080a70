using System;

namespace AwsCred;

/// <summary>The documented exit codes.</summary>
internal enum ExitCode
{
    Done = 0,

    /// <summary>Unreachable, refused, timed out, a bad answer, expired credentials.</summary>
    Failed = 1,

    /// <summary>Arguments or environment.</summary>
    Usage = 2,
}

/// <summary>An expected failure as a value: what and why in one line, what to do about it in another, and the exit code.</summary>
internal unsafe struct Problem
{
    /// <summary>Line and hint together, in bytes, with what stands before them: stays below 4 KiB.</summary>
    public const int Memory = 3000;

    /// <param name="memory">On the stack, <see cref="Memory"/> bytes.</param>
    public Problem(byte* memory)
    {
        Exit = ExitCode.Done;
        Line = new Text(memory, Memory / 2);
        Hint = new Text(memory + Memory / 2, Memory / 2);
    }

    public ExitCode Exit;
    public Text Line;
    public Text Hint;

    /// <summary>Starts over with a new failure; returns false, so that a Try method can return it.</summary>
    public bool Set(ExitCode exit, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b = default, ReadOnlySpan<byte> c = default)
    {
        Exit = exit;
        Line.Clear();
        Hint.Clear();
        Line.Append(a);
        Line.Append(b);
        Line.Append(c);
        return false;
    }

    /// <summary>Adds what to do about it; returns false, so that a Try method can return it.</summary>
    public bool Advise(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b = default, ReadOnlySpan<byte> c = default)
    {
        Hint.Append(a);
        Hint.Append(b);
        Hint.Append(c);
        return false;
    }

    /// <summary>Appends the lines that go to stderr: <c>aws-cred: error: …</c>, and the hint if there is one.</summary>
    public readonly void AppendTo(ref Text report)
    {
        report.Append("aws-cred: error: "u8);
        report.Append(Line.Written);
        report.Append((byte)'\n');
        if (Hint.Length == 0) return;
        report.Append("aws-cred: hint: "u8);
        report.Append(Hint.Written);
        report.Append((byte)'\n');
    }
}
