using System.Text;

namespace AwsCred.Tests;

public class IniFileTests
{
    [Theory]
    [InlineData("the default profile", "[default]\nkey = value\n", "default", "value")]
    [InlineData("a profile of a config", "[profile work]\nkey=value", "work", "value")]
    [InlineData("a profile of a credentials file", "[work]\r\nkey  =\tvalue \r\n", "work", "value")]
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
    [InlineData("alone", "/opt/aws-cred", "/opt/aws-cred")]
    [InlineData("with arguments", "/opt/aws-cred --grant x", "/opt/aws-cred")]
    [InlineData("in double quotes", "\"/my opt/aws-cred\" --grant x", "/my opt/aws-cred")]
    [InlineData("in single quotes", "'/my opt/aws-cred'", "/my opt/aws-cred")]
    [InlineData("in quotes that do not end", "\"/my opt/aws-cred", "/my opt/aws-cred")]
    [InlineData("empty", "", "")]
    public void Splits_the_first_word(string why, string command, string word) =>
        Assert.Equal((why, word), (why, Encoding.ASCII.GetString(IniFile.FirstWord(Encoding.ASCII.GetBytes(command)))));
}
