using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Text;

namespace CredBroker.Grants;

/// <summary>A tag of a role session; CloudTrail and the conditions of policies see it. Source: STS API reference, Tag; IAM user guide, "Session tags".</summary>
internal sealed record SessionTag(string Key, string Value)
{
    public const string ValidValues = "KEY=VALUE of letters, digits, spaces and _ . : / = + - @, with no '=' in the key";
    public const int MostTags = 50;
    private const int LongestKey = 128, LongestValue = 256;

    public static bool TryParse(string text, [NotNullWhen(true)] out SessionTag? tag)
    {
        tag = text.Split('=', 2) is [string key, string value] ? new SessionTag(key, value) : null;
        return tag is not null;
    }

    public override string ToString() => $"{Key}={Value}";

    /// <summary>All that is wrong with the tags of one grant, each tag by itself and all together, as lines that name the option.</summary>
    public static IEnumerable<string> Problems(IReadOnlyList<SessionTag> tags, IReadOnlyList<string> transitiveKeys)
    {
        foreach (SessionTag tag in tags)
        {
            if (WhyNotKey(tag.Key) is string whyNotKey) yield return $"--tag '{tag}': its key {whyNotKey}";
            if (WhyNotValue(tag.Value) is string whyNotValue) yield return $"--tag '{tag}': its value {whyNotValue}";
        }

        if (tags.Count > MostTags) yield return $"--tag is given {tags.Count} times, and {MostTags} tags are the most";
        // STS takes Team and team for one key.
        foreach (IGrouping<string, SessionTag> same in tags.GroupBy(tag => tag.Key, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            yield return $"--tag '{same.Key}' is given {same.Count()} times; AWS takes keys that differ only in case for the same";
        }

        HashSet<string> keys = [.. tags.Select(tag => tag.Key)];
        foreach (string key in transitiveKeys.Where(key => !keys.Contains(key))) yield return $"--transitive-tag '{key}' is not the key of a --tag";
        foreach (string key in transitiveKeys.CountBy(key => key).Where(same => same.Value > 1).Select(same => same.Key)) yield return $"--transitive-tag '{key}' is given more than once";
    }

    private static string? WhyNotKey(string key)
    {
        if (key.Length == 0) return "is empty";
        // Beginnings of aws: are AWS's own, in any case.
        if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase)) return "begins with aws:, which AWS keeps for itself";
        return WhyNotText(key, LongestKey);
    }

    private static string? WhyNotValue(string value) =>
        value.StartsWith("aws:", StringComparison.OrdinalIgnoreCase) ? "begins with aws:, which AWS keeps for itself" : WhyNotText(value, LongestValue);

    private static string? WhyNotText(string text, int longest)
    {
        int length = text.EnumerateRunes().Count();
        if (length > longest) return $"has {length} characters, and {longest} are the most";
        return text.EnumerateRunes().All(IsTagCharacter) ? null : "has a character that is not a letter, a digit, a space or one of _ . : / = + - @";
    }

    /// <summary><c>[\p{L}\p{Z}\p{N}_.:/=+\-@]</c>, beyond 16 bits, too, which .NET's expressions do not reach.</summary>
    private static bool IsTagCharacter(Rune rune) => Rune.IsLetter(rune) || Rune.IsNumber(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || (rune.IsAscii && "_.:/=+-@".Contains((char)rune.Value, StringComparison.Ordinal));
}
