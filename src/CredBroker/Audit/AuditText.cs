using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace CredBroker.Audit;

/// <summary>A line for people: time, kind, session, and the rest by name.</summary>
internal static class AuditText
{
    private const int KindWidth = 18, SessionWidth = 12;

    public static string Of(AuditRecord record)
    {
        StringBuilder text = new();
        // 2026-03-14T15:09:26.535Z as 2026-03-14 15:09:26.535Z
        text.Append(record["time"]!.Replace('T', ' ')).Append("  ").Append(record["kind"]!.PadRight(KindWidth)).Append("  ").Append((record["session"] ?? "-").PadRight(SessionWidth));
        foreach ((string name, string value) in record.Members.Where(member => member.Key is not ("time" or "seq" or "kind" or "session"))) text.Append("  ").Append(name).Append('=').Append(value);
        return Plain(text.ToString());
    }

    /// <summary>A path that was asked for, or a line that somebody has put in, may hold what a terminal acts on.</summary>
    public static string Plain(string text) => string.Concat(text.EnumerateRunes().Select(rune => Rune.IsControl(rune) || IsInvisible(rune) ? "?" : rune.ToString()));

    /// <summary>Such as those that turn the direction of writing, by which a line reads as another.</summary>
    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator;
}
