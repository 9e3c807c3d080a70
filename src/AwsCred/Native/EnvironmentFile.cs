using System;

namespace AwsCred.Native;

/// <summary>
/// <c>aws-cred.env</c> beside the program: <c>NAME=value</c> lines, for programs that scrub the environment of their children.
/// Empty lines and lines that begin with # are skipped.
/// </summary>
internal static unsafe class EnvironmentFile
{
    public const int MaximumLength = 16 * 1024;
    public const int MaximumLines = 64;

    private static ReadOnlySpan<byte> Name => "aws-cred.env"u8;

    /// <param name="memory"><see cref="MaximumLength"/> bytes; the block points into it.</param>
    /// <param name="entries">Room for <see cref="MaximumLines"/> pointers and a null.</param>
    /// <param name="exists">False where there is no such file: that is no problem.</param>
    /// <param name="path">Where it is looked for; NUL-terminated.</param>
    public static bool TryRead(byte* memory, byte** entries, ref Text path, out bool exists, scoped ref Problem problem)
    {
        entries[0] = null;
        exists = false;
        AppendPath(ref path);
        if (path.Overflowed) return true;
        Deadline.Enter("reading aws-cred.env"u8);
        int error;
        int length;
        fixed (byte* start = path.Written) error = SmallFile.Read(start, new Span<byte>(memory, MaximumLength), out length);
        if (error is Libc.ENOENT or Libc.ENOTDIR) return true;
        exists = true;
        if (error != 0) return Refuse(path, SmallFile.Reason(error), ref problem);
        if (length == MaximumLength) return Refuse(path, "it has 16 KiB or more"u8, ref problem);
        return TrySplit(new Span<byte>(memory, MaximumLength), length, entries, path, ref problem);
    }

    /// <summary>Ends each line with a NUL in place, and points to it.</summary>
    private static bool TrySplit(Span<byte> text, int length, byte** entries, in Text path, scoped ref Problem problem)
    {
        if (((ReadOnlySpan<byte>)text.Slice(0, length)).IndexOf((byte)0) >= 0) return Refuse(path, "it is not a text file"u8, ref problem);
        int count = 0, start = 0;
        for (int line = 1; start < length; line++)
        {
            int end = start;
            while (end < length && text[end] != (byte)'\n') end++;
            int next = end + 1;
            if (end > start && text[end - 1] == (byte)'\r') end--;
            text[end] = 0;
            ReadOnlySpan<byte> entry = text.Slice(start, end - start);
            if (entry.Length > 0 && entry[0] != (byte)'#')
            {
                if (entry.IndexOf((byte)'=') <= 0)
                {
                    Refuse(path, "line "u8, ref problem);
                    problem.Line.AppendNumber(line); // never the line itself: it may be a token
                    problem.Line.Append(" is not NAME=value"u8);
                    return false;
                }

                if (count == MaximumLines) return Refuse(path, "it has more than 64 variables"u8, ref problem);
                fixed (byte* pointer = text) entries[count++] = pointer + start;
            }

            start = next;
        }

        entries[count] = null;
        return true;
    }

    /// <summary>In the folder of the program as it was called, by the kernel's own word: it needs no /proc.</summary>
    private static void AppendPath(ref Text path)
    {
        byte* program = Libc.getauxval(Libc.AT_EXECFN);
        ReadOnlySpan<byte> called = program == null ? default : EnvironmentBlock.CString(program);
        int folder = called.Length;
        while (folder > 0 && called[folder - 1] != (byte)'/') folder--;
        path.Append(called.Slice(0, folder));
        path.Append(Name);
        path.Append((byte)0);
    }

    private static bool Refuse(in Text path, ReadOnlySpan<byte> why, scoped ref Problem problem)
    {
        problem.Set(ExitCode.Usage, "cannot use "u8);
        problem.Line.AppendUntrusted(path.Written.Slice(0, path.Length - 1), 300);
        problem.Line.Append(": "u8);
        problem.Line.Append(why);
        return problem.Advise("It holds lines like AWS_CRED_URL=http://127.0.0.1:8181; mend it or remove it."u8);
    }
}
