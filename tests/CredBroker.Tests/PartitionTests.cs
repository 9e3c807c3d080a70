using System.Linq;
using CredBroker.Grants;

namespace CredBroker.Tests;

public class PartitionTests
{
    [Theory]
    [InlineData("us-east-1", "aws")]
    [InlineData("eu-central-2", "aws")]
    [InlineData("ap-southeast-7", "aws")]
    [InlineData("mx-central-1", "aws")]
    [InlineData("il-central-1", "aws")]
    [InlineData("cn-north-1", "aws-cn")]
    [InlineData("cn-northwest-1", "aws-cn")]
    [InlineData("us-gov-west-1", "aws-us-gov")]
    [InlineData("us-gov-east-1", "aws-us-gov")]
    [InlineData("eusc-de-east-1", "aws-eusc")]
    [InlineData("us-iso-east-1", "aws-iso")]
    [InlineData("us-isob-west-1", "aws-iso-b")]
    [InlineData("eu-isoe-west-1", "aws-iso-e")]
    [InlineData("us-isof-south-1", "aws-iso-f")]
    public void A_region_is_of_one_partition(string region, string partition) =>
        Assert.Equal([partition], Partition.All.Where(candidate => candidate.HasRegion(region)).Select(candidate => candidate.Name));

    [Fact]
    public void Every_default_region_is_of_its_partition() =>
        Assert.All(Partition.All, partition => Assert.True(partition.HasRegion(partition.DefaultRegion), partition.Name));

    [Theory]
    [InlineData("empty", "")]
    [InlineData("no number", "us-east")]
    [InlineData("an availability zone", "us-east-1a")]
    [InlineData("a space", "us east-1")]
    [InlineData("a newline, which a config file would take for its next line", "us-east-1\n")]
    [InlineData("upper case", "US-EAST-1")]
    [InlineData("a host name", "us-east-1.example.com")]
    [InlineData("a path", "../us-east-1")]
    [InlineData("what STS calls itself worldwide", "aws-global")]
    public void No_region(string why, string text)
    {
        Assert.False(Partition.IsRegion(text), why);
        Assert.DoesNotContain(Partition.All, partition => partition.HasRegion(text));
    }
}
