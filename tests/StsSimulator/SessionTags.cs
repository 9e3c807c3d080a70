using System;
using System.Collections.Generic;
using System.Linq;

namespace StsSimulator;

/// <summary>The tags of a session, and the keys that follow it into the next role.</summary>
internal sealed record SessionTags(IReadOnlyList<(string? Key, string? Value)> Tags, IReadOnlyList<string?> TransitiveKeys)
{
    public static SessionTags Of(QueryParameters query) => new(
        [.. query.Members("Tags", ".Key").Zip(query.Members("Tags", ".Value"))],
        query.Members("TransitiveTagKeys"));

    public int CharacterCount => Tags.Sum(tag => (tag.Key?.Length ?? 0) + (tag.Value?.Length ?? 0));

    public void CheckMembers(MemberViolations violations)
    {
        violations.CheckCount([.. Tags.Select(tag => tag.Key)], "tags", MemberLimits.MaxTags);
        for (int i = 0; i < Tags.Count; i++)
        {
            violations.Require(Tags[i].Key, $"tags.{i + 1}.member.key", MemberLimits.TagKey);
            violations.Require(Tags[i].Value, $"tags.{i + 1}.member.value", MemberLimits.TagValue);
        }
        violations.CheckCount(TransitiveKeys, "transitiveTagKeys", MemberLimits.MaxTags);
        for (int i = 0; i < TransitiveKeys.Count; i++)
            violations.Require(TransitiveKeys[i], $"transitiveTagKeys.{i + 1}.member", MemberLimits.TagKey);
    }

    /// <summary>What is wrong between the tags, once each of them is right.</summary>
    public StsError? WrongTogether()
    {
        HashSet<string?> keys = new(Tags.Select(tag => tag.Key), StringComparer.OrdinalIgnoreCase);
        if (keys.Count < Tags.Count)
            return StsError.InvalidParameterValue("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
        return keys.IsSupersetOf(TransitiveKeys)
            ? null
            : StsError.InvalidParameterValue("The specified transitive tag key must be included in the requested tags.");
    }
}
