using System.Collections.Generic;
using System.Linq;

namespace StsSimulator;

/// <summary>Collects what is wrong with the members of a request, and says it as AWS does: all in one sentence.</summary>
internal sealed class MemberViolations
{
    private readonly List<string> violations = [];

    public StsError? Error => violations.Count == 0
        ? null
        : StsError.Validation($"{violations.Count} validation error{(violations.Count == 1 ? "" : "s")} detected: {string.Join("; ", violations)}");

    public void Require(string? value, string member, TextLimit limit)
    {
        if (value is null)
            violations.Add($"Value null at '{member}' failed to satisfy constraint: Member must not be null");
        else
            Check(value, member, limit);
    }

    public void Check(string? value, string member, TextLimit limit)
    {
        if (value is null)
            return;
        if (!limit.Allowed.IsMatch(value))
            Add(value, member, $"satisfy regular expression pattern: {limit.Pattern}");
        int length = value.EnumerateRunes().Count();
        if (length < limit.Min)
            Add(value, member, $"have length greater than or equal to {limit.Min}");
        if (length > limit.Max)
            Add(value, member, $"have length less than or equal to {limit.Max}");
    }

    public void Check(int value, string member, int min, int max)
    {
        if (value < min)
            Add($"{value}", member, $"have value greater than or equal to {min}");
        if (value > max)
            Add($"{value}", member, $"have value less than or equal to {max}");
    }

    public void CheckCount(IReadOnlyList<string?> values, string member, int max)
    {
        if (values.Count > max)
            Add($"[{string.Join(", ", values)}]", member, $"have length less than or equal to {max}");
    }

    private void Add(string value, string member, string must) =>
        violations.Add($"Value '{value}' at '{member}' failed to satisfy constraint: Member must {must}");
}
