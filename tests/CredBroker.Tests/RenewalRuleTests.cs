using System;
using CredBroker.Credentials;

namespace CredBroker.Tests;

public class RenewalRuleTests
{
    [Theory]
    [InlineData("the shortest session: never later than 5 minutes before the end", 15, 5)]
    [InlineData("below an hour: a third", 30, 10)]
    [InlineData("below an hour: a third", 45, 15)]
    [InlineData("just below an hour: a third", 59, 59 / 3.0)]
    [InlineData("an hour: 20 minutes, for SDKs that ask again below 15", 60, 20)]
    [InlineData("the longest session", 720, 20)]
    [InlineData("shorter than STS gives", 6, 5)]
    public void Renewal_begins(string why, int lifetime, double left)
    {
        TimeSpan session = TimeSpan.FromMinutes(lifetime), margin = TimeSpan.FromMinutes(left);

        Assert.Equal((why, margin), (why, RenewalRule.Margin(session)));
        Assert.False(RenewalRule.IsDue(session, margin), "exactly the margin is left");
        Assert.True(RenewalRule.IsDue(session, margin - TimeSpan.FromTicks(1)), "less than the margin is left");
    }

    [Theory]
    [InlineData("a minute and a bit", 61, true)]
    [InlineData("exactly a minute", 60, false)]
    [InlineData("less", 59, false)]
    [InlineData("nothing", 0, false)]
    [InlineData("expired", -1, false)]
    public void Served_with_more_than_a_minute_left(string why, int seconds, bool isServed) =>
        Assert.Equal((why, isServed), (why, RenewalRule.MayBeServed(TimeSpan.FromSeconds(seconds))));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(4, 8)]
    [InlineData(5, 16)]
    [InlineData(6, 30)]
    [InlineData(7, 30)]
    [InlineData(int.MaxValue, 30)]
    public void The_pause_doubles_up_to_30_seconds(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RenewalRule.Backoff(failures));
}
