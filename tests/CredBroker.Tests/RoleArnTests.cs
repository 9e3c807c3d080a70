using System.Linq;
using CredBroker.Grants;

namespace CredBroker.Tests;

public class RoleArnTests
{
    [Theory]
    [InlineData("plain", "arn:aws:iam::123456789012:role/reader", "aws")]
    [InlineData("with a path", "arn:aws:iam::123456789012:role/team/a/reader", "aws")]
    [InlineData("China", "arn:aws-cn:iam::123456789012:role/reader", "aws-cn")]
    [InlineData("US government", "arn:aws-us-gov:iam::123456789012:role/reader", "aws-us-gov")]
    [InlineData("European sovereign cloud", "arn:aws-eusc:iam::123456789012:role/reader", "aws-eusc")]
    [InlineData("isolated", "arn:aws-iso:iam::123456789012:role/reader", "aws-iso")]
    [InlineData("isolated, b", "arn:aws-iso-b:iam::123456789012:role/reader", "aws-iso-b")]
    [InlineData("isolated, e", "arn:aws-iso-e:iam::123456789012:role/reader", "aws-iso-e")]
    [InlineData("isolated, f", "arn:aws-iso-f:iam::123456789012:role/reader", "aws-iso-f")]
    [InlineData("every letter a name may have", "arn:aws:iam::123456789012:role/aZ09_+=,.@-", "aws")]
    [InlineData("a name that is one letter", "arn:aws:iam::123456789012:role/x", "aws")]
    [InlineData("any printable character in the path", "arn:aws:iam::123456789012:role/a!b:c*d~/reader", "aws")]
    public void Takes(string why, string text, string partition)
    {
        bool isTaken = RoleArn.TryParse(text, out RoleArn? arn, out string? refusal);

        Assert.Equal((why, true, null), (why, isTaken, refusal));
        Assert.Equal((text, partition, "123456789012", text), (arn!.Text, arn.Partition.Name, arn.AccountId, arn.ToString()));
    }

    [Theory]
    [InlineData("empty", "", "is empty")]
    [InlineData("too short", "arn:aws:iam::1:role", "has 19 characters")]
    [InlineData("no ARN", "not-an-arn-but-long-enough", "six parts")]
    [InlineData("arm for arn", "arm:aws:iam::123456789012:role/reader", "the first of them 'arn'")]
    [InlineData("upper case", "ARN:aws:iam::123456789012:role/reader", "the first of them 'arn'")]
    [InlineData("a part too few", "arn:aws:iam:123456789012:role/reader", "six parts")]
    [InlineData("unknown partition", "arn:aws-mars:iam::123456789012:role/reader", "names the partition 'aws-mars'")]
    [InlineData("no partition", "arn::iam::123456789012:role/reader", "names the partition ''")]
    [InlineData("another service", "arn:aws:s3::123456789012:role/reader", "names the service 's3'")]
    [InlineData("an assumed role", "arn:aws:sts::123456789012:assumed-role/reader/me", "names the service 'sts'")]
    [InlineData("a region", "arn:aws:iam:us-east-1:123456789012:role/reader", "names the region 'us-east-1'")]
    [InlineData("no account", "arn:aws:iam:::role/reader", "has no account")]
    [InlineData("11 digits", "arn:aws:iam::12345678901:role/reader", "an account is 12 digits")]
    [InlineData("13 digits", "arn:aws:iam::1234567890123:role/reader", "an account is 12 digits")]
    [InlineData("digits of another script", "arn:aws:iam::12345678901\u0662:role/reader", "an account is 12 digits")]
    [InlineData("a user", "arn:aws:iam::123456789012:user/alice", "is of 'user'")]
    [InlineData("root", "arn:aws:iam::123456789012:root", "is of 'root'")]
    [InlineData("no name", "arn:aws:iam::123456789012:role/", "has no role name")]
    [InlineData("no slash", "arn:aws:iam::123456789012:role", "is of 'role'")]
    [InlineData("no name after the path", "arn:aws:iam::123456789012:role/team/", "has no role name")]
    [InlineData("a space in the name", "arn:aws:iam::123456789012:role/re ader", "a role name with a character outside")]
    [InlineData("a newline at the end", "arn:aws:iam::123456789012:role/reader\n", "a role name with a character outside")]
    [InlineData("a letter beyond ASCII in the name", "arn:aws:iam::123456789012:role/réader", "a role name with a character outside")]
    [InlineData("nothing between the slashes of the path", "arn:aws:iam::123456789012:role//reader", "an empty path")]
    [InlineData("a space in the path", "arn:aws:iam::123456789012:role/te am/reader", "a path with a space")]
    [InlineData("DEL in the path", "arn:aws:iam::123456789012:role/te\u007Fam/reader", "a path with a space, a control character")]
    public void Refuses(string why, string text, string because)
    {
        bool isTaken = RoleArn.TryParse(text, out RoleArn? arn, out string? refusal);

        Assert.Equal((why, false, null), (why, isTaken, arn));
        Assert.Contains(because, refusal, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the longest name", 64, 1, true)]
    [InlineData("a name one too long", 65, 1, false)]
    [InlineData("the longest path", 1, 512, true)]
    [InlineData("a path one too long", 1, 513, false)]
    [InlineData("both at their longest", 64, 512, true)]
    [InlineData("more than an ARN can be", 64, 2048, false)]
    public void Name_and_path_have_their_limits(string why, int name, int path, bool isGood)
    {
        string text = "arn:aws:iam::123456789012:role" + Path(path) + new string('n', name);

        Assert.Equal((why, isGood), (why, RoleArn.TryParse(text, out _, out _)));
    }

    [Fact]
    public void The_example_in_the_help_is_valid()
    {
        string example = RoleArn.ValidValues.Split(' ').Last();

        Assert.True(RoleArn.TryParse(example, out _, out string? why), why);
    }

    /// <summary>A path of this many characters, from the slash before it to the slash after it.</summary>
    private static string Path(int length) => length == 1 ? "/" : "/" + new string('p', length - 2) + "/";
}
