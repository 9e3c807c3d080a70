using System;
using System.Collections.Generic;

namespace AwsCred.Tests;

/// <summary>Makes the same series of damaged texts out of a corpus in every run: one change each, in one of three more.</summary>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> corpus)
{
    private readonly Random _random = new(seed);

    /// <summary>Where one grammar or another turns; half of all new bytes are these.</summary>
    private static ReadOnlySpan<byte> Turns => "\0\t\n\r \"#%+,-./0159:;=?@AEFTZ[\\]afnux{}~\x7F"u8;

    public byte[] Next()
    {
        List<byte> bytes = [.. Pick()];
        do Change(bytes);
        while (_random.Next(3) == 0);
        return [.. bytes];
    }

    /// <summary>A beginning of it, of any length.</summary>
    public byte[] Beginning(byte[] bytes) => bytes[.._random.Next(bytes.Length + 1)];

    private void Change(List<byte> bytes)
    {
        int at = _random.Next(bytes.Count + 1);
        int some = Math.Min(_random.Next(1, 17), bytes.Count - at);
        switch (_random.Next(9))
        {
            case 0 or 1 when some > 0:
                bytes[at] = NewByte();
                break;
            case 2 when some > 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 3 or 4:
                bytes.Insert(at, NewByte());
                break;
            case 5:
                bytes.RemoveRange(at, some);
                break;
            case 6:
                bytes.InsertRange(at, bytes.GetRange(at, some));
                break;
            case 7:
                bytes.InsertRange(at, Part(Pick()));
                break;
            case 8 when _random.Next(3) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 8:
                byte[] other = Pick();
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other[_random.Next(other.Length + 1)..]);
                break;
        }
    }

    private byte[] Pick() => corpus[_random.Next(corpus.Count)];

    private byte[] Part(byte[] bytes)
    {
        int start = _random.Next(bytes.Length + 1);
        return bytes[start..Math.Min(bytes.Length, start + _random.Next(1, 65))];
    }

    private byte NewByte() => _random.Next(2) == 0 ? Turns[_random.Next(Turns.Length)] : (byte)_random.Next(256);
}
