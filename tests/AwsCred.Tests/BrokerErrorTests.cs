using System;
using System.Text;

namespace AwsCred.Tests;

public unsafe class BrokerErrorTests
{
    [Theory]
    [InlineData("all three", "{\"code\":\"c\",\"message\":\"m\",\"hint\":\"h\"}", "c|m|h")]
    [InlineData("in any order, with others", "{\"hint\":\"h\",\"Code\":\"C\",\"x\":[{\"code\":\"no\"}],\"code\":\"c\"}", "c||h")]
    [InlineData("by escapes", "{\"c\\u006fde\":\"c\"}", "c||")]
    [InlineData("only of the outer object", "{\"error\":{\"code\":\"c\",\"message\":\"m\"}}", "||")]
    [InlineData("only strings", "{\"code\":1,\"message\":null,\"hint\":[\"h\"]}", "||")]
    [InlineData("an array", "[{\"code\":\"c\"}]", "||")]
    [InlineData("bad at its end", "{\"code\":\"c\"}x", "||")]
    [InlineData("cut", "{\"code\":\"c\",\"mess", "||")]
    [InlineData("HTML", "<html>", "||")]
    [InlineData("nothing", "", "||")]
    public void Reads_what_a_broker_says(string why, string json, string expected)
    {
        BrokerError error = BrokerError.Parse(Encoding.UTF8.GetBytes(json));

        Assert.Equal((why, expected), (why, $"{String(error.Code)}|{String(error.Message)}|{String(error.Hint)}"));
    }

    [Theory]
    [InlineData("escapes", "a\\\"b\\\\c\\/", "a\"b\\c/")]
    [InlineData("a line break", "a\\nb\\r\\t", "a?b??")]
    [InlineData("a terminal's command", "\\u001b[31m", "?[31m")]
    [InlineData("outside ASCII, a question mark a byte", "\\u00e9\u20AC\\uD83D\\uDE00", "?????????")]
    [InlineData("nothing", "", "")]
    public void Decodes_it_for_a_terminal(string why, string raw, string expected) => Assert.Equal((why, expected), (why, Append(raw)));

    [Theory]
    [InlineData(600, "")]
    [InlineData(601, "...")]
    [InlineData(5000, "...")]
    public void Cuts_it(int length, string end) => Assert.Equal(new string('x', 600) + end, Append(new string('x', length)));

    private static string Append(string raw)
    {
        byte* memory = stackalloc byte[1000];
        Text text = new(memory, 1000);
        BrokerError.Append(Encoding.UTF8.GetBytes(raw), ref text);
        return String(text.Written);
    }

    private static string String(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
