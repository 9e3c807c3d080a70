using System;
using CredBroker.Sessions;

namespace CredBroker.Tests;

public class DurationTextTests
{
    [Theory]
    [InlineData("seconds", "90s", 90, "1m30s")]
    [InlineData("minutes", "90m", 5400, "1h30m")]
    [InlineData("hours", "12h", 43200, "12h")]
    [InlineData("days", "30d", 2592000, "30d")]
    [InlineData("a day in hours", "24h", 86400, "1d")]
    [InlineData("all units", "1d2h3m4s", 93784, "1d2h3m4s")]
    [InlineData("nothing of it", "0h", 0, "0s")]
    public void Takes(string why, string text, int seconds, string formatted)
    {
        bool isTaken = DurationText.TryParse(text, out TimeSpan duration);

        Assert.Equal((why, true, seconds, formatted), (why, isTaken, (int)duration.TotalSeconds, DurationText.Format(duration)));
    }

    [Theory]
    [InlineData("empty", "")]
    [InlineData("no unit", "12")]
    [InlineData("a unit alone", "h")]
    [InlineData("another unit", "1w")]
    [InlineData("units in the wrong order", "1h1d")]
    [InlineData("a minus", "-1h")]
    [InlineData("a newline after", "1h\n")]
    [InlineData("more than is read", "1000000d")]
    public void Refuses(string why, string text) => Assert.False(DurationText.TryParse(text, out _), why);

    [Theory]
    [InlineData("the least", "1m", null)]
    [InlineData("the most", "30d", null)]
    [InlineData("below the least", "59s", "'59s' is shorter than 1m, the least")]
    [InlineData("above the most", "30d1s", "'30d1s' is longer than 30d, the most")]
    [InlineData("as many as are read", "999999d", "'999999d' is longer than 30d, the most")]
    [InlineData("no duration", "soon", "'soon' is not a duration; it must be 1m to 30d, written as 12h, 90m, 7d or 1h30m")]
    public void A_sessions_time(string why, string text, string? whyNot) => Assert.Equal((why, whyNot), (why, SessionTimes.WhyNot(text, out _)));
}
