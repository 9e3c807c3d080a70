using System;

namespace AwsCred;

/// <summary>A process's environment as execve passes it: pointers to <c>NAME=value</c>, the last one null.</summary>
internal readonly unsafe struct EnvironmentBlock
{
    private readonly byte** _entries;

    public EnvironmentBlock(byte** entries) => _entries = entries;

    /// <summary>A variable that is set, and not empty: an empty one is as good as none, as that is how people switch one off.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        for (byte** entry = _entries; *entry != null; entry++)
        {
            ReadOnlySpan<byte> text = CString(*entry);
            if (text.Length <= name.Length || text[name.Length] != (byte)'=' || !text.StartsWith(name)) continue;
            value = text.Slice(name.Length + 1);
            return value.Length > 0;
        }

        value = default;
        return false;
    }

    /// <summary>The bytes before the terminating NUL.</summary>
    public static ReadOnlySpan<byte> CString(byte* text)
    {
        int length = 0;
        while (text[length] != 0) length++;
        return new ReadOnlySpan<byte>(text, length);
    }
}
