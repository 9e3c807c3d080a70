using System;
using System.Globalization;
using System.Text;

namespace AwsCred.Tests;

public unsafe class TimestampTests
{
    [Fact]
    public void Agrees_with_the_calendar_on_every_day_of_many_years()
    {
        for (DateTimeOffset day = DateTimeOffset.UnixEpoch; day.Year < 2110; day = day.AddDays(1)) AssertRoundTrip(day.AddSeconds(day.Day * 2711));
    }

    [Fact]
    public void Agrees_with_the_calendar_at_the_turns_of_all_years()
    {
        for (int year = 1970; year <= 9999; year++)
        {
            DateTimeOffset march = new(year, 3, 1, 0, 0, 0, TimeSpan.Zero);
            AssertRoundTrip(march);
            AssertRoundTrip(march.AddSeconds(-1)); // 28 or 29 February
            AssertRoundTrip(new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero));
            AssertRoundTrip(new DateTimeOffset(year, 12, 31, 23, 59, 59, TimeSpan.Zero));
        }
    }

    [Theory]
    [InlineData("UTC", "2026-01-31T12:34:56Z", "2026-01-31T12:34:56Z")]
    [InlineData("a fraction is dropped", "2026-01-31T12:34:56.999Z", "2026-01-31T12:34:56Z")]
    [InlineData("a fraction of any length", "2026-01-31T12:34:56.1234567890123456789Z", "2026-01-31T12:34:56Z")]
    [InlineData("an offset of nothing", "2026-01-31T12:34:56+00:00", "2026-01-31T12:34:56Z")]
    [InlineData("an offset of nothing, below", "2026-01-31T12:34:56-00:00", "2026-01-31T12:34:56Z")]
    [InlineData("east, into the day before", "2026-03-01T00:30:00+05:45", "2026-02-28T18:45:00Z")]
    [InlineData("west, into the next year", "2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00Z")]
    [InlineData("a fraction and an offset", "2026-01-31T12:34:56.5+23:59", "2026-01-30T12:35:56Z")]
    [InlineData("a leap day", "2028-02-29T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("a leap day every 400 years", "2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z")]
    [InlineData("a leap second", "2026-06-30T23:59:60Z", "2026-07-01T00:00:00Z")]
    [InlineData("the first second", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z")]
    [InlineData("the last second", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z")]
    public void Reads(string why, string text, string printed) => Assert.Equal((why, printed), (why, TryParse(text, out long seconds) ? Print(seconds) : null));

    [Theory]
    [InlineData("empty", "")]
    [InlineData("no zone", "2026-01-31T12:34:56")]
    [InlineData("no zone after a fraction", "2026-01-31T12:34:56.5")]
    [InlineData("no digit in a fraction", "2026-01-31T12:34:56.Z")]
    [InlineData("a comma", "2026-01-31T12:34:56,5Z")]
    [InlineData("a blank for the T", "2026-01-31 12:34:56Z")]
    [InlineData("a small t", "2026-01-31t12:34:56Z")]
    [InlineData("a small z", "2026-01-31T12:34:56z")]
    [InlineData("an offset without a colon", "2026-01-31T12:34:56+0000")]
    [InlineData("an offset of hours alone", "2026-01-31T12:34:56+00")]
    [InlineData("an offset of 24 hours", "2026-01-31T12:34:56+24:00")]
    [InlineData("an offset of 60 minutes", "2026-01-31T12:34:56+00:60")]
    [InlineData("a zone's name", "2026-01-31T12:34:56 UTC")]
    [InlineData("text after it", "2026-01-31T12:34:56Z ")]
    [InlineData("text before it", " 2026-01-31T12:34:56Z")]
    [InlineData("short month", "2026-1-31T12:34:56Z")]
    [InlineData("a sign in a number", "2026-+1-31T12:34:56Z")]
    [InlineData("month 0", "2026-00-31T12:34:56Z")]
    [InlineData("month 13", "2026-13-31T12:34:56Z")]
    [InlineData("day 0", "2026-01-00T12:34:56Z")]
    [InlineData("31 April", "2026-04-31T12:34:56Z")]
    [InlineData("29 February in a common year", "2026-02-29T12:34:56Z")]
    [InlineData("29 February 2100", "2100-02-29T12:34:56Z")]
    [InlineData("hour 24", "2026-01-31T24:00:00Z")]
    [InlineData("minute 60", "2026-01-31T12:60:00Z")]
    [InlineData("second 61", "2026-01-31T12:34:61Z")]
    [InlineData("before 1970", "1969-12-31T23:59:59Z")]
    [InlineData("before 1970 by its offset", "1970-01-01T00:00:00+00:01")]
    [InlineData("after 9999 by its offset", "9999-12-31T23:59:59-00:01")]
    [InlineData("after 9999 by a leap second", "9999-12-31T23:59:60Z")]
    [InlineData("a year of five digits", "10000-01-01T00:00:00Z")]
    [InlineData("seconds since 1970", "1769862896")]
    public void Refuses(string why, string text) => Assert.Equal((why, false), (why, TryParse(text, out _)));

    private static void AssertRoundTrip(DateTimeOffset time)
    {
        string text = time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        Assert.Equal((text, true, time.ToUnixTimeSeconds()), (Print(time.ToUnixTimeSeconds()), TryParse(text, out long seconds), seconds));
    }

    private static bool TryParse(string text, out long seconds) => Timestamp.TryParse(Encoding.ASCII.GetBytes(text), out seconds);

    private static string Print(long seconds)
    {
        byte* memory = stackalloc byte[32];
        Text text = new(memory, 32);
        Timestamp.Append(seconds, ref text);
        return Encoding.ASCII.GetString(text.Written);
    }

    [Theory]
    [InlineData("the example of RFC 9110", "Sun, 06 Nov 1994 08:49:37 GMT", 784111777L)]
    [InlineData("a leap day", "Thu, 29 Feb 2024 23:59:59 GMT", 1709251199L)]
    [InlineData("no leap day", "Wed, 29 Feb 2023 00:00:00 GMT", null)]
    [InlineData("another zone", "Sun, 06 Nov 1994 08:49:37 EST", null)]
    [InlineData("another month", "Sun, 06 Nox 1994 08:49:37 GMT", null)]
    [InlineData("a day in words", "Sun, xx Nov 1994 08:49:37 GMT", null)]
    [InlineData("the form of C", "Sun Nov  6 08:49:37 1994", null)]
    [InlineData("nothing", "", null)]
    public void Http_dates(string why, string text, long? expected)
    {
        bool isDate = Timestamp.TryParseHttp(Encoding.ASCII.GetBytes(text), out long seconds);

        Assert.Equal((why, expected), (why, isDate ? seconds : null));
    }
}
