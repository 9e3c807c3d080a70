using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace CredBroker.Grants;

/// <summary>A separate set of AWS regions with its own endpoints. Source: botocore's partitions.json; sdk-contracts, "Partitions".</summary>
/// <param name="Name">As it stands in an ARN.</param>
/// <param name="RegionPrefix">What every region's name in it begins with; empty for <c>aws</c>, which has all others.</param>
/// <param name="DefaultRegion">Where STS is asked when nobody says which region.</param>
internal sealed partial record Partition(string Name, string RegionPrefix, string DefaultRegion)
{
    public static IReadOnlyList<Partition> All { get; } =
    [
        new("aws", "", "us-east-1"),
        new("aws-cn", "cn-", "cn-north-1"),
        new("aws-us-gov", "us-gov-", "us-gov-west-1"),
        new("aws-eusc", "eusc-", "eusc-de-east-1"),
        new("aws-iso", "us-iso-", "us-iso-east-1"),
        new("aws-iso-b", "us-isob-", "us-isob-east-1"),
        new("aws-iso-e", "eu-isoe-", "eu-isoe-west-1"),
        new("aws-iso-f", "us-isof-", "us-isof-south-1"),
    ];

    public static Partition? Find(string name) => All.FirstOrDefault(partition => partition.Name == name);

    /// <summary>Whether a region's name is well-formed, as in <c>eu-central-1</c>.</summary>
    public static bool IsRegion(string region) => RegionForm().IsMatch(region);

    public bool HasRegion(string region) => IsRegion(region) && All.Last(partition => region.StartsWith(partition.RegionPrefix, StringComparison.Ordinal) || partition.Name == "aws") == this;

    [GeneratedRegex(@"\A[a-z]{2,8}(-[a-z]{2,16}){1,3}-[0-9]{1,2}\z")]
    private static partial Regex RegionForm();
}
