using System;

namespace AwsCred;

/// <summary>
/// Builds UTF-8 in memory that the caller owns and that does not move: the stack's or static.
/// What does not fit is cut, and <see cref="Overflowed"/> says so.
/// </summary>
internal unsafe struct Text
{
    private readonly byte* _memory;
    private readonly int _capacity;
    private int _length;

    public Text(byte* memory, int capacity)
    {
        _memory = memory;
        _capacity = capacity;
        _length = 0;
        Overflowed = false;
    }

    public bool Overflowed { get; private set; }
    public readonly int Length => _length;
    public readonly ReadOnlySpan<byte> Written => Memory.Slice(0, _length);
    private readonly Span<byte> Memory => new(_memory, _capacity);

    public void Clear()
    {
        _length = 0;
        Overflowed = false;
    }

    /// <summary>Drops all but its beginning.</summary>
    public void Shorten(int length)
    {
        if (length < _length) _length = length;
    }

    public void Append(byte value)
    {
        if (_length == _capacity)
        {
            Overflowed = true;
            return;
        }

        Memory[_length++] = value;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        int room = _capacity - _length;
        if (bytes.Length > room)
        {
            Overflowed = true;
            bytes = bytes.Slice(0, room);
        }

        bytes.CopyTo(Memory.Slice(_length));
        _length += bytes.Length;
    }

    /// <summary>Appends bytes that came from outside so that no terminal acts on them: all but printable ASCII becomes '?'.</summary>
    public void AppendUntrusted(ReadOnlySpan<byte> bytes, int atMost)
    {
        bool cut = bytes.Length > atMost;
        if (cut) bytes = bytes.Slice(0, atMost);
        for (int i = 0; i < bytes.Length; i++) Append(bytes[i] is >= 0x20 and <= 0x7E ? bytes[i] : (byte)'?');
        if (cut) Append("..."u8);
    }

    /// <summary>
    /// Overwrites every run of 8 bytes or more that also stands in the secret: all of it, its end without a scheme before it, a part
    /// where the rest was cut off. One of less than 8 bytes is no secret, and may be an ordinary word of the text.
    /// </summary>
    public readonly void Redact(ReadOnlySpan<byte> secret)
    {
        const int enough = sizeof(ulong);
        int end = 0; // of what is to be overwritten
        for (int i = 0; i < _length; i++)
        {
            if (i + enough <= _length && Contains(secret, *(ulong*)(_memory + i))) end = i + enough;
            if (i < end) Memory[i] = (byte)'*'; // behind what is still looked at
        }
    }

    /// <summary>Whether 8 bytes in a row are these.</summary>
    private static bool Contains(ReadOnlySpan<byte> bytes, ulong wanted)
    {
        fixed (byte* start = bytes)
        {
            for (int i = 0; i + sizeof(ulong) <= bytes.Length; i++)
            {
                if (*(ulong*)(start + i) == wanted) return true;
            }
        }

        return false;
    }

    public void AppendNumber(long value)
    {
        Span<byte> digits = stackalloc byte[20];
        int at = digits.Length;
        ulong rest = value < 0 ? 0UL - (ulong)value : (ulong)value;
        do
        {
            digits[--at] = (byte)('0' + rest % 10);
            rest /= 10;
        }
        while (rest != 0);
        if (value < 0) digits[--at] = (byte)'-';
        Append(digits.Slice(at));
    }

    /// <summary>Appends a number of exactly <paramref name="width"/> digits, zero-padded.</summary>
    public void AppendPadded(int value, int width)
    {
        for (int divisor = Power(width - 1); divisor > 0; divisor /= 10) Append((byte)('0' + value / divisor % 10));
    }

    private static int Power(int exponent)
    {
        int power = 1;
        for (int i = 0; i < exponent; i++) power *= 10;
        return power;
    }
}
