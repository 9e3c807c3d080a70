using System.Text;

namespace AwsCred.Tests;

public class IniFileTests
{
    [Theory]
    [InlineData("the default profile", "[default]\nkey = value\n", "default", "value")]
    [InlineData("a profile of a config", "[profile work]\nkey=value", "work", "value")]
    [InlineData("lines that end in CRLF", "[profile work]\r\nkey  =\tvalue \r\n", "work", "value")]
    [InlineData("a profile of a credentials file", "[work]\nkey = value\n", "work", null)]
    [InlineData("the default as a profile", "[profile default]\nkey = value\n", "default", "value")]
    [InlineData("a profile in double quotes", "[profile \"my work\"]\nkey = value\n", "my work", "value")]
    [InlineData("a profile in single quotes", "[profile\t'my work' ]\nkey = value\n", "my work", "value")]
    [InlineData("half a quote", "[profile \"]\nkey = value\n", "\"", "value")]
    [InlineData("another word than profile", "[profiles work]\nkey = value\n", "work", null)]
    [InlineData("given twice", "[default]\nkey = x\nkey = value\n", "default", "value")]
    [InlineData("in two sections of the profile", "[default]\nkey = x\n[profile a]\nkey = y\n[default]\nkey = value\n", "default", "value")]
    [InlineData("the key's case does not matter", "[default]\nKEY = value\n", "default", "value")]
    [InlineData("equals signs in the value", "[default]\nkey = a=b=c\n", "default", "a=b=c")]
    [InlineData("an empty value", "[default]\nkey =\n", "default", "")]
    [InlineData("another section before", "[profile a]\nkey = x\n[ default ]\nother = y\nkey = value\n", "default", "value")]
    [InlineData("another section only", "[profile default2]\nkey = x\n", "default", null)]
    [InlineData("before any section", "key = x\n", "default", null)]
    [InlineData("a comment", "[default]\n# key = x\n; key = y\n", "default", null)]
    [InlineData("nested below another key", "[default]\ns3 =\n  key = x\n", "default", null)]
    [InlineData("an open bracket", "[default\nkey = x\n", "default", null)]
    [InlineData("nothing", "", "default", null)]
    public void Finds(string why, string text, string profile, string? expected)
    {
        bool isFound = IniFile.TryFind(Encoding.ASCII.GetBytes(text), Encoding.ASCII.GetBytes(profile), "key"u8, out System.ReadOnlySpan<byte> value);

        Assert.Equal((why, expected), (why, isFound ? Encoding.ASCII.GetString(value) : null));
    }

    [Theory]
    [InlineData("[work]", true)]
    [InlineData("[profile a]\n[ work ]\r\n", true)]
    [InlineData("['work']", true)]
    [InlineData("[profile work]", false)]
    [InlineData("[work", false)]
    [InlineData("", false)]
    public void Knows_a_section_that_SDKs_pass_over(string text, bool expected) =>
        Assert.Equal((text, expected), (text, IniFile.HasBareSection(Encoding.ASCII.GetBytes(text), "work"u8)));

    [Theory]
    [InlineData("alone", "/opt/aws-cred", "/opt/aws-cred")]
    [InlineData("up to a tab", "/opt/aws-cred\t--grant x", "/opt/aws-cred")]
    [InlineData("with arguments", "/opt/aws-cred --grant x", "/opt/aws-cred")]
    [InlineData("in double quotes", "\"/my opt/aws-cred\" --grant x", "/my opt/aws-cred")]
    [InlineData("in single quotes", "'/my opt/aws-cred'", "/my opt/aws-cred")]
    [InlineData("in quotes that do not end", "\"/my opt/aws-cred", "/my opt/aws-cred")]
    [InlineData("empty", "", "")]
    public void Splits_the_first_word(string why, string command, string word) =>
        Assert.Equal((why, word), (why, Encoding.ASCII.GetString(IniFile.FirstWord(Encoding.ASCII.GetBytes(command)))));
}
