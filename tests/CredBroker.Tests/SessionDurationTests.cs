using System;
using CredBroker.Grants;

namespace CredBroker.Tests;

public class SessionDurationTests
{
    [Theory]
    [InlineData("the least", "15m", 900)]
    [InlineData("minutes", "30m", 1800)]
    [InlineData("an hour", "1h", 3600)]
    [InlineData("the most", "12h", 43200)]
    [InlineData("more minutes than an hour has", "90m", 5400)]
    [InlineData("seconds", "3600s", 3600)]
    [InlineData("two units", "1h30m", 5400)]
    [InlineData("three units", "1h30m15s", 5415)]
    [InlineData("zeros before", "0015m", 900)]
    [InlineData("the most in seconds", "43200s", 43200)]
    [InlineData("empty is an hour", "", 3600)]
    public void Takes(string why, string text, int seconds)
    {
        bool isTaken = SessionDuration.TryParse(text, out TimeSpan duration, out string? refusal);

        Assert.Equal((why, true, null, seconds), (why, isTaken, refusal, (int)duration.TotalSeconds));
    }

    [Theory]
    [InlineData("below the least", "5m", "shorter than the 15m")]
    [InlineData("a second below the least", "899s", "shorter than the 15m")]
    [InlineData("above the most", "13h", "longer than the 12h")]
    [InlineData("a second above the most", "12h1s", "longer than the 12h")]
    [InlineData("zero", "0s", "shorter than the 15m")]
    [InlineData("no number", "abc", "is not a duration")]
    [InlineData("a minus", "-1h", "is not a duration")]
    [InlineData("a plus", "+1h", "is not a duration")]
    [InlineData("a longer unit's name", "1hr", "is not a duration")]
    [InlineData("a space inside", "1 h", "is not a duration")]
    [InlineData("a space after", "1h ", "is not a duration")]
    [InlineData("only a space", " ", "is not a duration")]
    [InlineData("a newline after", "1h\n", "is not a duration")]
    [InlineData("no unit", "3600", "is not a duration")]
    [InlineData("no number before the unit", "h", "is not a duration")]
    [InlineData("units in the wrong order", "30m1h", "is not a duration")]
    [InlineData("a unit twice", "1h1h", "is not a duration")]
    [InlineData("an upper-case unit", "1H", "is not a duration")]
    [InlineData("days", "1d", "is not a duration")]
    [InlineData("a fraction", "1.5h", "is not a duration")]
    [InlineData("digits of another script", "\u0661h", "is not a duration")]
    [InlineData("more than a TimeSpan has", "99999999999999999999h", "is not a duration")]
    [InlineData("as many as are read", "999999h999999m999999s", "longer than the 12h")]
    public void Refuses(string why, string text, string because)
    {
        bool isTaken = SessionDuration.TryParse(text, out _, out string? refusal);

        Assert.Equal((why, false), (why, isTaken));
        Assert.Equal($"'{text}' {refusal![(text.Length + 3)..]}", refusal);
        Assert.Contains(because, refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("whole hours", 43200, "12h")]
    [InlineData("minutes alone", 900, "15m")]
    [InlineData("both", 5400, "1h30m")]
    [InlineData("all three", 5415, "1h30m15s")]
    [InlineData("no minutes", 3601, "1h1s")]
    public void Formats_as_it_reads(string why, int seconds, string text)
    {
        Assert.Equal((why, text), (why, SessionDuration.Format(TimeSpan.FromSeconds(seconds))));
        Assert.True(SessionDuration.TryParse(text, out TimeSpan back, out _));
        Assert.Equal(seconds, back.TotalSeconds);
    }
}
