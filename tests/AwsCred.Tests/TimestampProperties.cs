using System;
using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace AwsCred.Tests;

public unsafe class TimestampProperties
{
    private static readonly Gen<(DateTimeOffset Time, string Fraction)> s_times =
        from seconds in Any.Seconds.Where(seconds => seconds is > 86_400 and < 253_402_214_400) // a day off both ends, for the offset
        from minutes in Gen.Choose(-14 * 60, 14 * 60) // what DateTimeOffset takes
        from fraction in Gen.OneOf(Gen.Constant(""), Any.Word("0123456789", 20).Select(digits => $".{digits}"))
        select (DateTimeOffset.FromUnixTimeSeconds(seconds).ToOffset(TimeSpan.FromMinutes(minutes)), fraction);

    [Fact]
    public void A_time_in_any_zone_is_read_as_it_was_written() => Property.Holds(s_times, time =>
    {
        string text = time.Time.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + time.Fraction + time.Time.ToString("zzz", CultureInfo.InvariantCulture);

        Assert.Equal((text, true, time.Time.ToUnixTimeSeconds()), (text, Timestamp.TryParse(Encoding.ASCII.GetBytes(text), out long seconds), seconds));
    });

    [Fact]
    public void A_time_of_HTTP_is_read_as_it_was_written() => Property.Holds(Any.Seconds, seconds =>
    {
        string text = DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("r", CultureInfo.InvariantCulture);

        Assert.Equal((text, true, seconds), (text, Timestamp.TryParseHttp(Encoding.ASCII.GetBytes(text), out long read), read));
    });

    [Fact]
    public void What_is_written_is_read_again() => Property.Holds(Any.Seconds, seconds =>
    {
        byte* memory = stackalloc byte[32];
        Text text = new(memory, 32);
        Timestamp.Append(seconds, ref text);

        Assert.Equal((true, seconds), (Timestamp.TryParse(text.Written, out long read), read));
    });
}
