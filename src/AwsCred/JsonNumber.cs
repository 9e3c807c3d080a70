using System;

namespace AwsCred;

/// <summary><c>[-] digits [. digits] [e [+|-] digits]</c>, without needless zeros at the front: RFC 8259, 6.</summary>
internal static class JsonNumber
{
    /// <param name="position">Where it begins; then where it ends, or what is wrong stands.</param>
    /// <param name="error">Why it is none, where it is none.</param>
    public static bool TrySkip(ReadOnlySpan<byte> text, scoped ref int position, out ReadOnlySpan<byte> error)
    {
        error = "a value is missing or not valid"u8;
        if (At(text, position, (byte)'-')) position++;
        if (At(text, position, (byte)'0')) position++;
        else if (!TrySkipDigits(text, ref position)) return false;
        error = "a number is not valid"u8;
        if (At(text, position, (byte)'.'))
        {
            position++;
            if (!TrySkipDigits(text, ref position)) return false;
        }

        if (At(text, position, (byte)'e') || At(text, position, (byte)'E'))
        {
            position++;
            if (At(text, position, (byte)'+') || At(text, position, (byte)'-')) position++;
            if (!TrySkipDigits(text, ref position)) return false;
        }

        return true;
    }

    private static bool TrySkipDigits(ReadOnlySpan<byte> text, ref int position)
    {
        int start = position;
        while (position < text.Length && Ascii.IsDigit(text[position])) position++;
        return position > start;
    }

    private static bool At(ReadOnlySpan<byte> text, int position, byte value) => position < text.Length && text[position] == value;
}
