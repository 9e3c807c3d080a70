using System;

namespace AwsCred;

/// <summary>The inside of JSON strings: UTF-8 and escapes, checked, decoded and compared.</summary>
internal static class JsonText
{
    /// <summary>The length of the UTF-8 sequence at the start, or 0 where it is not valid (overlong, surrogate, cut, beyond U+10FFFF).</summary>
    public static int Utf8Length(ReadOnlySpan<byte> text)
    {
        byte first = text[0];
        if (first < 0x80) return 1;
        int length = first switch { >= 0xC2 and <= 0xDF => 2, >= 0xE0 and <= 0xEF => 3, >= 0xF0 and <= 0xF4 => 4, _ => 0 };
        if (length == 0 || text.Length < length) return 0;
        for (int i = 1; i < length; i++)
        {
            if ((text[i] & 0xC0) != 0x80) return 0;
        }

        byte second = text[1];
        bool isOutside = first switch { 0xE0 => second < 0xA0, 0xED => second > 0x9F, 0xF0 => second < 0x90, 0xF4 => second > 0x8F, _ => false };
        return isOutside ? 0 : length;
    }

    /// <summary>The length of the escape at the start (12 for a surrogate pair), or 0 where it is not valid.</summary>
    public static int EscapeLength(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2) return 0;
        switch (text[1])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                return 2;
            case (byte)'u':
                int unit = CodeUnit(text);
                if (unit is < 0xD800 or > 0xDFFF) return unit < 0 ? 0 : 6;
                bool isPair = unit <= 0xDBFF && text.Length > 6 && CodeUnit(text.Slice(6)) is >= 0xDC00 and <= 0xDFFF;
                return isPair ? 12 : 0;
            default:
                return 0;
        }
    }

    /// <summary>Decodes the raw inside of a valid string.</summary>
    public static void Decode(ReadOnlySpan<byte> raw, ref Text text)
    {
        JsonStringCursor cursor = new(raw);
        while (cursor.TryNext(out byte value)) text.Append(value);
    }

    /// <summary>Whether two raw insides of valid strings mean the same text.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        JsonStringCursor a = new(left), b = new(right);
        while (true)
        {
            bool more = a.TryNext(out byte x);
            if (more != b.TryNext(out byte y)) return false;
            if (!more) return true;
            if (x != y) return false;
        }
    }

    /// <summary>The code unit of the <c>\uXXXX</c> at the start, or -1.</summary>
    internal static int CodeUnit(ReadOnlySpan<byte> text)
    {
        if (text.Length < 6 || text[0] != (byte)'\\' || text[1] != (byte)'u') return -1;
        int unit = 0;
        for (int i = 2; i < 6; i++)
        {
            int digit = Ascii.HexValue(text[i]);
            if (digit < 0) return -1;
            unit = unit << 4 | digit;
        }

        return unit;
    }
}

/// <summary>Walks the raw inside of a valid JSON string, decoded to UTF-8, byte by byte.</summary>
internal ref struct JsonStringCursor
{
    private ReadOnlySpan<byte> _raw;
    private uint _pending; // bytes of the character being decoded, the next one lowest
    private int _pendingCount;

    public JsonStringCursor(ReadOnlySpan<byte> raw) => _raw = raw;

    public bool TryNext(out byte value)
    {
        value = 0;
        if (_pendingCount == 0)
        {
            if (_raw.Length == 0) return false;
            if (_raw[0] != (byte)'\\')
            {
                value = _raw[0];
                _raw = _raw.Slice(1);
                return true;
            }

            int length = JsonText.EscapeLength(_raw);
            Encode(CodePoint(_raw, length));
            _raw = _raw.Slice(length);
        }

        value = (byte)_pending;
        _pending >>= 8;
        _pendingCount--;
        return true;
    }

    private static int CodePoint(ReadOnlySpan<byte> escape, int length) => length switch
    {
        12 => 0x10000 + ((JsonText.CodeUnit(escape) - 0xD800) << 10) + (JsonText.CodeUnit(escape.Slice(6)) - 0xDC00),
        6 => JsonText.CodeUnit(escape),
        _ => escape[1] switch
        {
            (byte)'b' => 8,
            (byte)'t' => 9,
            (byte)'n' => 10,
            (byte)'f' => 12,
            (byte)'r' => 13,
            _ => escape[1],
        },
    };

    private void Encode(int point)
    {
        if (point < 0x80)
        {
            _pending = (uint)point;
            _pendingCount = 1;
            return;
        }

        _pendingCount = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        uint lead = _pendingCount switch { 2 => 0xC0u, 3 => 0xE0u, _ => 0xF0u };
        int shift = 6 * (_pendingCount - 1);
        _pending = lead | (uint)(point >> shift);
        for (int at = 8; shift > 0; at += 8)
        {
            shift -= 6;
            _pending |= (0x80u | (uint)(point >> shift & 0x3F)) << at;
        }
    }
}
