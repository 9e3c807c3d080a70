using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace AwsCred.Tests;

public unsafe class TextProperties
{
    [Fact]
    public void Holds_the_beginning_of_what_was_appended() => Property.Holds(Any.Bytes.ListOf().Zip(Gen.Choose(0, 100)), appended => Write(appended.Item2, (ref Text text) =>
    {
        foreach (byte[] bytes in appended.Item1) text.Append(bytes);

        byte[] all = [.. appended.Item1.SelectMany(bytes => bytes)];
        Assert.Equal(all[..Math.Min(all.Length, appended.Item2)], text.Written.ToArray());
        Assert.Equal(all.Length > appended.Item2, text.Overflowed);
    }));

    [Fact]
    public void Writes_numbers_as_they_are() => Property.Holds(Gen.Choose(int.MinValue, int.MaxValue).Zip(Gen.Choose(0, 62)), number => Write(20, (ref Text text) =>
    {
        long value = (long)number.Item1 << number.Item2; // of all sizes
        text.AppendNumber(value);

        Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(text.Written));
    }));

    [Fact]
    public void Lets_nothing_through_that_a_terminal_acts_on() => Property.Holds(Any.Bytes.Zip(Gen.Choose(0, 100)), given => Write(200, (ref Text text) =>
    {
        text.AppendUntrusted(given.Item1, given.Item2);

        Assert.All(text.Written.ToArray(), value => Assert.InRange(value, (byte)0x20, (byte)0x7E));
        Assert.InRange(text.Length, 0, given.Item2 + "...".Length);
    }));

    private static readonly Gen<(string Written, string Secret)> s_secrets =
        from secret in Any.Word(Any.Printable(but: "*"), 40)
        from length in Gen.Choose(0, secret.Length)
        from start in Gen.Choose(0, secret.Length)
        from around in Any.Word("ab ", 5).ListOf()
        from order in Gen.Shuffle(around.Append(secret).Append(secret[..length]).Append(secret[start..]))
        select (string.Concat(order), secret);

    [Fact]
    public void Leaves_no_part_of_a_secret() => Property.Holds(s_secrets, given => Write(given.Written.Length, (ref Text text) =>
    {
        const int longEnough = 8;
        text.Append(Encoding.ASCII.GetBytes(given.Written));
        text.Redact(Encoding.ASCII.GetBytes(given.Secret));

        string left = Encoding.ASCII.GetString(text.Written);
        Assert.Equal(given.Written.Length, left.Length);
        for (int i = 0; i + longEnough <= given.Secret.Length; i++) Assert.DoesNotContain(given.Secret.Substring(i, longEnough), left, StringComparison.Ordinal);
        if (given.Secret.Length < longEnough) Assert.Equal(given.Written, left);
    }));

    private delegate void Use(ref Text text);

    private static void Write(int capacity, Use use)
    {
        byte[] memory = GC.AllocateArray<byte>(capacity + 1, pinned: true);
        fixed (byte* start = memory)
        {
            Text text = new(start, capacity);
            use(ref text);
        }

        Assert.Equal(0, memory[capacity]);
    }
}
