using System;
using System.Linq;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace AwsCred.Tests;

/// <summary>The values that properties of several types hold for.</summary>
internal static class Any
{
    /// <summary>Seconds since 1970 that RFC 3339 can write: 1970 to 9999.</summary>
    public static Gen<long> Seconds { get; } =
        from days in Gen.Choose(0, 2_932_896)
        from second in Gen.Choose(0, 86_399)
        select days * 86_400L + second;

    /// <summary>A string of Unicode, ASCII for the most part, so that quotes, escapes and control characters are among it.</summary>
    public static Gen<string> Unicode { get; } =
        from runes in Gen.Frequency((4, Gen.Choose(0, 0x7F)), (1, Gen.Choose(0x80, 0xD7FF)), (1, Gen.Choose(0xE000, 0x10FFFF))).ListOf()
        select string.Concat(runes.Select(rune => new Rune(rune).ToString()));

    public static Gen<byte[]> Bytes { get; } = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();

    /// <summary>Of these characters, at least one and at most so many.</summary>
    public static Gen<string> Word(string characters, int atMost) =>
        from length in Gen.Choose(1, atMost)
        from letters in Gen.Elements(characters.ToCharArray()).ArrayOf(length)
        select new string(letters);

    /// <summary>All of ASCII from ! to ~ but these.</summary>
    public static string Printable(string but = "") => new([.. Enumerable.Range('!', '~' - '!' + 1).Select(value => (char)value).Except(but)]);

    /// <summary>What a value may be cut into: parts that are not empty.</summary>
    public static Gen<byte[][]> Parts(byte[] bytes) =>
        from cuts in Gen.Choose(0, Math.Max(bytes.Length, 1)).ListOf()
        let at = cuts.Append(0).Append(bytes.Length).Where(cut => cut <= bytes.Length).Distinct().Order().ToArray()
        select at.Zip(at.Skip(1), (start, end) => bytes[start..end]).ToArray();
}
