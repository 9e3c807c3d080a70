using CredBroker.Commands;

namespace CredBroker.Tests;

public class GrantOptionTests
{
    [Theory]
    [InlineData("the default grant", "aws", "default")]
    [InlineData("a grant by its name", "aws=ci", "ci")]
    [InlineData("every character that a name may have", "aws=a-Z_0.9", "a-Z_0.9")]
    public void Takes(string why, string text, string name) =>
        Assert.Equal((why, true, name, null), (why, GrantOption.TryParse(text, out string actual, out string? problem), actual, problem));

    [Theory]
    [InlineData("empty", "", "--grant '' is not one of: aws, or aws=NAME")]
    [InlineData("another provider", "gcp", "--grant 'gcp' is not one of: aws, or aws=NAME")]
    [InlineData("another provider with a name", "gcp=ci", "--grant 'gcp=ci' is not one of: aws, or aws=NAME")]
    [InlineData("a name alone", "ci", "--grant 'ci' is not one of: aws, or aws=NAME")]
    [InlineData("upper case", "AWS", "--grant 'AWS' is not one of: aws, or aws=NAME")]
    [InlineData("a colon", "aws:ci", "--grant 'aws:ci' is not one of: aws, or aws=NAME")]
    [InlineData("no name after the sign", "aws=", "--grant 'aws=': the name must be letters, digits, '-', '_' and '.', and begin with a letter or digit")]
    [InlineData("two signs", "aws=a=b", "--grant 'aws=a=b': the name must be letters, digits, '-', '_' and '.', and begin with a letter or digit")]
    [InlineData("a path", "aws=../ci", "--grant 'aws=../ci': the name must be letters, digits, '-', '_' and '.', and begin with a letter or digit")]
    public void Refuses(string why, string text, string problem) =>
        Assert.Equal((why, false, problem), (why, GrantOption.TryParse(text, out _, out string? actual), actual));
}
