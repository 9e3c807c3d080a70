using System;

namespace AwsCred.Native;

/// <summary>The file that holds the token: read on every run, so that a new token is picked up.</summary>
internal static unsafe class TokenFile
{
    /// <summary>Trailing newlines are dropped, as $(cat file) does: they are the editor's, not the token's.</summary>
    public static bool TryRead(ReadOnlySpan<byte> path, ReadOnlySpan<byte> variable, Span<byte> memory, out ReadOnlySpan<byte> token, scoped ref Problem problem)
    {
        token = default;
        Deadline.Enter("reading the token file in "u8, variable);
        byte* name = stackalloc byte[SmallFile.MaximumPath];
        Text text = new(name, SmallFile.MaximumPath);
        text.Append(path);
        text.Append((byte)0);
        if (text.Overflowed) return Unreadable(path, variable, "its name is too long"u8, ref problem);
        int error = SmallFile.Read(name, memory, out int length);
        if (error != 0) return Unreadable(path, variable, SmallFile.Reason(error), ref problem);
        while (length > 0 && memory[length - 1] is (byte)'\n' or (byte)'\r') length--;
        if (length == 0) return Unreadable(path, variable, "it is empty"u8, ref problem);
        token = memory.Slice(0, length);
        return true;
    }

    private static bool Unreadable(ReadOnlySpan<byte> path, ReadOnlySpan<byte> variable, ReadOnlySpan<byte> why, ref Problem problem)
    {
        problem.Set(ExitCode.Usage, "the token file in "u8, variable, " ("u8);
        problem.Line.AppendUntrusted(path, 200);
        problem.Line.Append("): "u8);
        problem.Line.Append(why);
        return problem.Advise("Mount the file that the broker wrote, readable for the user that runs this command."u8);
    }
}
