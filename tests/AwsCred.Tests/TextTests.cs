using System.Globalization;
using System.Text;

namespace AwsCred.Tests;

public unsafe class TextTests
{
    [Theory]
    [InlineData("fits", "abc", "de", "abcde", false)]
    [InlineData("fills it", "abcd", "efgh", "abcdefgh", false)]
    [InlineData("is cut", "abcdef", "ghi", "abcdefgh", true)]
    [InlineData("has no room", "abcdefgh", "i", "abcdefgh", true)]
    [InlineData("nothing more fits in no room", "abcdefgh", "", "abcdefgh", false)]
    [InlineData("is longer than all", "abcdefghijkl", "", "abcdefgh", true)]
    public void Cuts_what_does_not_fit(string why, string first, string second, string written, bool overflowed)
    {
        byte* memory = stackalloc byte[8];
        Text text = new(memory, 8);
        text.Append(Encoding.ASCII.GetBytes(first));
        text.Append(Encoding.ASCII.GetBytes(second));

        Assert.Equal((why, written, written.Length, overflowed), (why, Encoding.ASCII.GetString(text.Written), text.Length, text.Overflowed));
    }

    [Fact]
    public void Writes_nothing_beyond_its_memory()
    {
        byte* memory = stackalloc byte[9];
        Text text = new(memory, 8);
        for (int i = 0; i < 100; i++)
        {
            text.Append((byte)'x');
            text.AppendNumber(12345);
            text.AppendUntrusted("\u0001\u0002"u8, 10);
        }

        Assert.Equal(("x12345??", 0), (Encoding.ASCII.GetString(text.Written), memory[8]));
    }

    [Fact]
    public void Starts_over()
    {
        byte* memory = stackalloc byte[4];
        Text text = new(memory, 4);
        text.Append("abcdef"u8);
        text.Clear();
        text.Append("xy"u8);

        Assert.Equal(("xy", false), (Encoding.ASCII.GetString(text.Written), text.Overflowed));
    }

    [Theory]
    [InlineData("printable ASCII", "a ~!", 10, "a ~!")]
    [InlineData("a terminal's commands", "\u001B[2J\r\nx\t\u0007", 10, "?[2J??x??")]
    [InlineData("DEL and what is outside ASCII", "\u007F\u0080\u009B\u00FF", 10, "????")]
    [InlineData("as long as may be", "abcde", 5, "abcde")]
    [InlineData("longer", "abcdef", 5, "abcde...")]
    public void Takes_the_sting_out_of_what_comes_from_outside(string why, string bytes, int atMost, string written)
    {
        byte* memory = stackalloc byte[64];
        Text text = new(memory, 64);
        text.AppendUntrusted(Encoding.Latin1.GetBytes(bytes), atMost);

        Assert.Equal((why, written), (why, Encoding.ASCII.GetString(text.Written)));
    }

    [Theory]
    [InlineData("in the middle", "a tokentoken b", "tokentoken", "a ********** b")]
    [InlineData("all of it", "tokentoken", "tokentoken", "**********")]
    [InlineData("each of them", "tokentoken,tokentoken", "tokentoken", "**********,**********")]
    [InlineData("none", "a b", "tokentoken", "a b")]
    [InlineData("no secret", "a b", "", "a b")]
    [InlineData("shorter than a secret is", "abc abc", "bc", "abc abc")]
    [InlineData("the shortest", "a 01234567", "01234567", "a ********")]
    [InlineData("cut at the end", "a 0123456789", "0123456789abcdef", "a **********")]
    [InlineData("cut before other words", "a 0123456789...)", "0123456789abcdef", "a **********...)")]
    [InlineData("cut before its beginning", "a 123456789abcdef b", "0123456789abcdef", "a *************** b")]
    [InlineData("the shortest part", "a 34567890 b", "01234567890abcdef", "a ******** b")]
    [InlineData("no shorter part", "a 3456789 b", "01234567890abcdef", "a 3456789 b")]
    [InlineData("without its scheme", "a (0123456789) b", "Bearer 0123456789", "a (**********) b")]
    [InlineData("without its scheme, the shortest", "a (01234567) b", "Bearer 01234567", "a (********) b")]
    [InlineData("two parts that overlap", "a abcdefghijkl b", "abcdefgh efghijkl", "a ************ b")]
    [InlineData("a few bytes in common are no secret", "a 0123)", "0123456789abcdef", "a 0123)")]
    public void Redacts(string why, string written, string secret, string redacted)
    {
        byte* memory = stackalloc byte[64];
        Text text = new(memory, 64);
        text.Append(Encoding.ASCII.GetBytes(written));
        text.Redact(Encoding.ASCII.GetBytes(secret));

        Assert.Equal((why, redacted), (why, Encoding.ASCII.GetString(text.Written)));
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(7L)]
    [InlineData(10L)]
    [InlineData(-1L)]
    [InlineData(1234567890123456789L)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Writes_numbers(long value)
    {
        byte* memory = stackalloc byte[20];
        Text text = new(memory, 20);
        text.AppendNumber(value);

        Assert.Equal((value.ToString(CultureInfo.InvariantCulture), false), (Encoding.ASCII.GetString(text.Written), text.Overflowed));
    }

    [Theory]
    [InlineData(0, 2, "00")]
    [InlineData(7, 2, "07")]
    [InlineData(2026, 4, "2026")]
    [InlineData(5, 1, "5")]
    public void Pads_numbers(int value, int width, string written)
    {
        byte* memory = stackalloc byte[8];
        Text text = new(memory, 8);
        text.AppendPadded(value, width);

        Assert.Equal(written, Encoding.ASCII.GetString(text.Written));
    }
}
