using System;

namespace AwsCred;

/// <summary>The character classes and number forms that URL, HTTP and JSON share.</summary>
internal static class Ascii
{
    public static bool IsDigit(byte value) => value is >= (byte)'0' and <= (byte)'9';

    public static bool IsHexDigit(byte value) => HexValue(value) >= 0;

    public static bool IsLetter(byte value) => (byte)(value | 0x20) is >= (byte)'a' and <= (byte)'z';

    /// <summary>Letters, digits, '-', '.' and '_' (not in DNS, but in container names).</summary>
    public static bool IsNameByte(byte value) => IsLetter(value) || IsDigit(value) || value is (byte)'-' or (byte)'.' or (byte)'_';

    public static bool IsPrintable(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is < 0x21 or > 0x7E) return false;
        }

        return true;
    }

    public static int HexValue(byte value) => value switch
    {
        >= (byte)'0' and <= (byte)'9' => value - '0',
        >= (byte)'a' and <= (byte)'f' => value - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => value - 'A' + 10,
        _ => -1,
    };

    /// <summary>One or more digits, at most <paramref name="maximum"/>; nothing else.</summary>
    public static bool TryParseNumber(ReadOnlySpan<byte> text, int maximum, out int value)
    {
        value = 0;
        if (text.Length == 0) return false;
        long sum = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (!IsDigit(text[i])) return false;
            sum = sum * 10 + (text[i] - '0');
            if (sum > maximum) return false;
        }

        value = (int)sum;
        return true;
    }

    public static bool EqualsIgnoringCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length) return false;
        for (int i = 0; i < left.Length; i++)
        {
            if (Lower(left[i]) != Lower(right[i])) return false;
        }

        return true;
    }

    public static bool StartsWithIgnoringCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
        text.Length >= start.Length && EqualsIgnoringCase(text.Slice(0, start.Length), start);

    /// <summary>Without the spaces and tabs at both ends.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        int start = 0, end = text.Length;
        while (start < end && text[start] is (byte)' ' or (byte)'\t') start++;
        while (end > start && text[end - 1] is (byte)' ' or (byte)'\t') end--;
        return text.Slice(start, end - start);
    }

    private static byte Lower(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
}
