using System;
using System.Collections.Generic;
using CredBroker.Grants;

namespace CredBroker.Tests;

public class GrantDraftTests
{
    private const StringComparison Ordinal = StringComparison.Ordinal;
    private const string Role = "arn:aws:iam::123456789012:role/reader";

    private static readonly GrantDraft Least = new(Role, null, null, null, null, null);

    [Fact]
    public void The_role_alone_is_enough() =>
        Assert.Equal(new Grant("default", Role, "us-east-1", 3600, null, null), Accept(Least));

    [Fact]
    public void All_that_is_given_is_granted() => Assert.Equal(
        new Grant("ci", Role, "eu-central-1", 5400, "the:id", "work"),
        Accept(new GrantDraft(Role, "ci", "eu-central-1", "90m", "the:id", "work")));

    [Fact]
    public void Empty_texts_are_as_if_not_given() =>
        Assert.Equal(Accept(Least), Accept(new GrantDraft(Role, "", "", "", "", null)));

    [Fact]
    public void All_problems_are_reported_at_once()
    {
        bool isAccepted = new GrantDraft("no-arn", "-name", "nowhere", "5m", "x", "").TryAccept(null, out Grant? grant, out IReadOnlyList<string> problems);

        Assert.Equal((false, null), (isAccepted, grant));
        Assert.Collection(
            problems,
            name => Assert.StartsWith("--name '-name' must be letters", name, Ordinal),
            role => Assert.StartsWith("--role: the role ARN has 6 characters, and must have 20 to 2048; it must be arn:", role, Ordinal),
            duration => Assert.StartsWith("--session-duration: '5m' is shorter than the 15m that STS gives at least; it must be ", duration, Ordinal),
            externalId => Assert.StartsWith("--external-id has 1 characters", externalId, Ordinal),
            profile => Assert.StartsWith("--aws-profile must be the name", profile, Ordinal),
            region => Assert.StartsWith("--region 'nowhere' is not a region's name", region, Ordinal));
    }

    [Theory]
    [InlineData("of the role's partition: it serves", "aws", "eu-west-1", "eu-west-1")]
    [InlineData("of another partition: the default serves", "aws-cn", "eu-west-1", "cn-north-1")]
    [InlineData("of another partition, seen from aws", "aws", "cn-north-1", "us-east-1")]
    [InlineData("of the government's", "aws-us-gov", "us-gov-east-1", "us-gov-east-1")]
    [InlineData("no region at all: the default serves", "aws-us-gov", "somewhere", "us-gov-west-1")]
    [InlineData("none: the default serves", "aws-eusc", null, "eusc-de-east-1")]
    public void The_hosts_region_serves_where_it_is_of_the_roles_partition(string why, string partition, string? fallback, string region) =>
        Assert.Equal((why, region), (why, Accept(Least with { Role = $"arn:{partition}:iam::123456789012:role/reader" }, fallback).Region));

    [Fact]
    public void A_region_that_is_given_wins_over_the_hosts() =>
        Assert.Equal("eu-west-1", Accept(Least with { Region = "eu-west-1" }, "us-west-2").Region);

    [Theory]
    [InlineData("of another partition", "cn-north-1", "--region 'cn-north-1' is not of the partition aws that the role is in, where a region is called us-east-1, for example")]
    [InlineData("no region", "us-east-1a", "--region 'us-east-1a' is not a region's name, as us-east-1 is one")]
    public void A_region_that_is_given_must_fit(string why, string region, string problem) =>
        Assert.Equal((why, problem), (why, Assert.Single(Problems(Least with { Region = region }))));

    [Theory]
    [InlineData("the shortest", 2, true)]
    [InlineData("one too short", 1, false)]
    [InlineData("the longest", 1224, true)]
    [InlineData("one too long", 1225, false)]
    public void External_ids_have_2_to_1224_characters(string why, int length, bool isGood) =>
        Assert.Equal((why, isGood), (why, Problems(Least with { ExternalId = new string('x', length) }).Count == 0));

    [Theory]
    [InlineData("all that are allowed", "aZ09_+=,.@:/-", true)]
    [InlineData("a space", "a b", false)]
    [InlineData("a newline", "ab\n", false)]
    [InlineData("a letter beyond ASCII", "é1", false)]
    [InlineData("a quote", "a\"b", false)]
    public void External_ids_are_of_these_characters(string why, string id, bool isGood) =>
        Assert.Equal((why, isGood), (why, Problems(Least with { ExternalId = id }).Count == 0));

    [Theory]
    [InlineData("a word", "ci", true)]
    [InlineData("all that are allowed", "a-Z_0.9", true)]
    [InlineData("a digit first", "9lives", true)]
    [InlineData("one letter", "a", true)]
    [InlineData("empty", "", false)]
    [InlineData("an option", "-rf", false)]
    [InlineData("a hidden file", ".ci", false)]
    [InlineData("a path", "a/b", false)]
    [InlineData("a space", "a b", false)]
    [InlineData("a newline", "a\n", false)]
    [InlineData("what divides provider and name", "a=b", false)]
    [InlineData("a letter beyond ASCII", "é", false)]
    public void Grants_are_named_by_words(string why, string name, bool isGood) =>
        Assert.Equal((why, isGood), (why, GrantDraft.WhyNotName(name) is null));

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_name_has_64_characters_at_most(int length, bool isGood) =>
        Assert.Equal(isGood, GrantDraft.WhyNotName(new string('n', length)) is null);

    [Theory]
    [InlineData("empty", "")]
    [InlineData("a control character", "wo\nrk")]
    public void A_profile_has_a_name(string why, string profile) =>
        Assert.True(Problems(Least with { AwsProfile = profile }) is ["--aws-profile must be the name of a profile in the host's AWS config"], why);

    private static Grant Accept(GrantDraft draft, string? fallbackRegion = null)
    {
        Assert.True(draft.TryAccept(fallbackRegion, out Grant? grant, out IReadOnlyList<string> problems), string.Join("; ", problems));
        Assert.Empty(problems);
        return grant!;
    }

    private static IReadOnlyList<string> Problems(GrantDraft draft)
    {
        bool isAccepted = draft.TryAccept(null, out Grant? grant, out IReadOnlyList<string> problems);
        Assert.Equal((problems.Count == 0, isAccepted), (isAccepted, grant is not null));
        return problems;
    }
}
