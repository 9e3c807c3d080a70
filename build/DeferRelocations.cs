using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Takes the relocations of OpenSSL's tables out of what libc applies at every start, and leaves them in the file for
/// src/AwsCred/Bare/DeferredRelocations.cs, which applies them when a run needs OpenSSL. An MSBuild task of NativeHelper.targets.
/// </summary>
/// <remarks>
/// They are in <c>.relr.dyn</c>: groups of one address, which is even, and bitmaps, which are odd and say which of the 63 words after it follow.
/// A group makes sense by itself, so libc's groups are put first and DT_RELRSZ says that there are no others. Nothing else moves.
/// Source: https://groups.google.com/g/generic-abi/c/bX460iggiKg (SHT_RELR); NativeHelper.ld makes the ranges and <c>.deferred</c>.
/// </remarks>
public sealed class DeferRelocations : Task
{
    private const long DT_RELRSZ = 35;
    private const int WordsInBitmap = 63;

    private byte[] _file;

    /// <summary>A static PIE for a 64-bit little-endian machine, changed in place.</summary>
    [Required]
    public string File { get; set; }

    public override bool Execute()
    {
        try
        {
            _file = System.IO.File.ReadAllBytes(File);
            Split();
            System.IO.File.WriteAllBytes(File, _file);
        }
        catch (InvalidDataException exception)
        {
            Log.LogError("{0}: the relocations of OpenSSL cannot be deferred: {1}", File, exception.Message);
        }

        return !Log.HasLoggedErrors;
    }

    private void Split()
    {
        Section table = Find(".relr.dyn"), deferred = Find(".deferred");
        long[] bounds = [.. Enumerable.Range(0, 4).Select(i => Word(deferred.Offset + 8 * i))];
        bool IsOpenSsl(long address) => (address >= bounds[0] && address < bounds[1]) || (address >= bounds[2] && address < bounds[3]);

        List<long> atStart = [], later = [];
        for (long i = 0; i < table.Size; )
        {
            long address = Word(table.Offset + i);
            bool isOpenSsl = IsOpenSsl(address);
            List<long> target = isOpenSsl ? later : atStart;
            Require((address & 1) == 0, "a group begins with a bitmap");
            target.Add(address);
            address += 8;
            for (i += 8; i < table.Size && (Word(table.Offset + i) & 1) == 1; i += 8, address += 8 * WordsInBitmap)
            {
                long bitmap = Word(table.Offset + i);
                for (int bit = 0; bit < WordsInBitmap; bit++)
                    Require((bitmap >> (bit + 1) & 1) == 0 || IsOpenSsl(address + 8 * bit) == isOpenSsl, $"one group holds 0x{address + 8 * bit:x} and words of others; the gaps in NativeHelper.ld are too small");
                target.Add(bitmap);
            }
        }

        Require(later.Count > 0, "there are none; NativeHelper.ld finds no sections of libssl.a and libcrypto.a");
        Section other = Find(".rela.dyn");
        for (long at = other.Offset; at < other.Offset + other.Size; at += 24)
            Require(!IsOpenSsl(Word(at)), $"the one at 0x{Word(at):x} is of type {(uint)Word(at + 8)} and not in .relr.dyn");

        Section dynamic = Find(".dynamic");
        long[] sizes = [.. Enumerable.Range(0, (int)dynamic.Size / 16).Select(i => dynamic.Offset + 16 * i).Where(at => Word(at) == DT_RELRSZ)];
        Require(sizes.Length == 1 && Word(sizes[0] + 8) == table.Size, "the dynamic section does not give the size of .relr.dyn");

        long end = table.Offset;
        foreach (long word in atStart.Concat(later)) Set(ref end, word);
        sizes[0] += 8;
        Set(ref sizes[0], 8 * atStart.Count);
        long range = deferred.Offset + 32;
        Set(ref range, table.Address + 8 * atStart.Count);
        Set(ref range, table.Address + table.Size);
    }

    private struct Section
    {
        public long Address, Offset, Size;
    }

    private Section Find(string name)
    {
        long headers = Word(0x28), names = Word(headers + 64 * BitConverter.ToUInt16(_file, 0x3e) + 24);
        byte[] wanted = Encoding.ASCII.GetBytes(name + "\0");
        for (long at = headers, i = BitConverter.ToUInt16(_file, 0x3c); i > 0; i--, at += 64)
        {
            if (_file.Skip((int)(names + (uint)Word(at))).Take(wanted.Length).SequenceEqual(wanted))
                return new Section { Address = Word(at + 16), Offset = Word(at + 24), Size = Word(at + 32) };
        }

        throw new InvalidDataException($"there is no section {name}");
    }

    private long Word(long offset) => BitConverter.ToInt64(_file, checked((int)offset));

    private void Set(ref long offset, long word)
    {
        BitConverter.GetBytes(word).CopyTo(_file, offset);
        offset += 8;
    }

    private static void Require(bool isSo, string otherwise)
    {
        if (!isSo) throw new InvalidDataException(otherwise);
    }
}
