using System.Text;

namespace AwsCred.Tests;

public class BrokerAnswerTests
{
    private const long Now = 784_111_777; // Sun, 06 Nov 1994 08:49:37 GMT

    [Theory]
    [InlineData("none", "", 0)]
    [InlineData("at once", "0", 0)]
    [InlineData("a number", "7", 7)]
    [InlineData("a day", "86400", 86400)]
    [InlineData("more than a day", "86401", 86400)]
    [InlineData("more than any integer holds", "99999999999999999999999999", 86400)]
    [InlineData("many zeros", "000000000000000000000000000007", 7)]
    [InlineData("a sign", "-1", 0)]
    [InlineData("a fraction", "1.5", 0)]
    [InlineData("a word", "soon", 0)]
    [InlineData("a number and a word", "99999999 s", 0)]
    [InlineData("a date to come", "Sun, 06 Nov 1994 08:49:40 GMT", 3)]
    [InlineData("this second", "Sun, 06 Nov 1994 08:49:37 GMT", 0)]
    [InlineData("a date that has been", "Sun, 06 Nov 1994 08:49:36 GMT", 0)]
    [InlineData("a date of another century", "Tue, 06 Nov 2094 08:49:37 GMT", 86400)]
    [InlineData("no date", "Sun, 31 Feb 1995 08:49:37 GMT", 0)]
    public void Waits_as_long_as_the_broker_asks(string what, string value, long seconds) =>
        Assert.Equal((what, seconds), (what, BrokerAnswer.RetryAfterSeconds(Encoding.ASCII.GetBytes(value), Now)));
}
