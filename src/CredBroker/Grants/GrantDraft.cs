using System;
using System.Collections.Generic;
using System.Linq;

namespace CredBroker.Grants;

/// <summary>What somebody asks to be granted, as typed. <see cref="TryAccept"/> is the one place where it is checked.</summary>
internal sealed record GrantDraft(string Role, string? Name, string? Region, string? SessionDuration, string? ExternalId, string? AwsProfile)
{
    public ScopeDraft Scope { get; init; } = new();

    /// <summary>What is typed to make a grant again.</summary>
    public static GrantDraft Of(Grant grant) => new(grant.RoleArn, grant.Name, grant.Region, $"{grant.DurationSeconds}s", grant.ExternalId, grant.AwsProfile)
    {
        Scope = new ScopeDraft
        {
            Policy = grant.Policy,
            Preset = grant.Preset,
            PolicyArns = grant.PolicyArns?.ToArray() ?? [],
            Tags = grant.Tags?.Select(tag => tag.ToString()).ToArray() ?? [],
            TransitiveTagKeys = grant.TransitiveTagKeys?.ToArray() ?? [],
            SourceIdentity = grant.SourceIdentity,
            SessionNamePrefix = grant.SessionNamePrefix,
            MfaSerial = grant.MfaSerial,
        },
    };

    /// <summary>Checks all limits of AssumeRole before any call, and reports every problem, not just the first.</summary>
    /// <param name="fallbackRegion">What serves where no region is given and it is of the role's partition; null: the partition's default.</param>
    public bool TryAccept(string? fallbackRegion, out Grant? grant, out IReadOnlyList<string> problems)
    {
        List<string> found = [];
        string name = string.IsNullOrEmpty(Name) ? Grant.DefaultName : Name;
        if (WhyNotName(name) is string whyNotName) found.Add($"--name '{name}' {whyNotName}");
        if (!RoleArn.TryParse(Role, out RoleArn? arn, out string? whyNotArn)) found.Add($"--role: the role ARN {whyNotArn}; it must be {RoleArn.ValidValues}");
        if (!Grants.SessionDuration.TryParse(SessionDuration ?? "", out TimeSpan duration, out string? whyNotDuration))
        {
            found.Add($"--session-duration: {whyNotDuration}; it must be {Grants.SessionDuration.ValidValues}");
        }

        if (!string.IsNullOrEmpty(ExternalId) && WhyNotExternalId(ExternalId) is string whyNotExternalId) found.Add($"--external-id {whyNotExternalId}");
        if (AwsProfile is "" || AwsProfile?.Any(char.IsControl) == true) found.Add("--aws-profile must be the name of a profile in the host's AWS config");
        string? region = string.IsNullOrEmpty(Region) ? null : Region;
        if (region is not null && WhyNotRegion(region, arn) is string whyNotRegion) found.Add($"--region '{region}' {whyNotRegion}");

        region ??= fallbackRegion is not null && arn?.Partition.HasRegion(fallbackRegion) == true ? fallbackRegion : arn?.Partition.DefaultRegion ?? "";
        Grant asked = new(name, Role, region, (int)duration.TotalSeconds, string.IsNullOrEmpty(ExternalId) ? null : ExternalId, AwsProfile);
        asked = Scope.Apply(asked, arn, found);
        problems = found;
        grant = found.Count == 0 ? asked : null;
        return grant is not null;
    }

    /// <summary>Why a text cannot name a grant; null where it can. It stands in URLs, in AWS profiles and on command lines.</summary>
    public static string? WhyNotName(string name)
    {
        if (name.Length > 64) return "is longer than 64 characters";
        bool isWord = name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        return isWord ? null : "must be letters, digits, '-', '_' and '.', and begin with a letter or digit";
    }

    private static string? WhyNotExternalId(string id)
    {
        if (id.Length is < 2 or > 1224) return $"has {id.Length} characters, and must have 2 to 1224";
        return id.All(c => RoleArn.IsNameCharacter(c) || c is ':' or '/') ? null : "has a character outside A-Z a-z 0-9 _ + = , . @ : / -";
    }

    private static string? WhyNotRegion(string region, RoleArn? arn)
    {
        if (!Partition.IsRegion(region)) return "is not a region's name, as us-east-1 is one";
        return arn is null || arn.Partition.HasRegion(region) ? null : $"is not of the partition {arn.Partition.Name} that the role is in, where a region is called {arn.Partition.DefaultRegion}, for example";
    }
}
