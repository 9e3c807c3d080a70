using System;
using System.Globalization;
using System.Linq;

namespace CredBroker.Audit;

/// <summary>Which lines somebody wants to see; null: all.</summary>
internal sealed record AuditFilter(string? Session = null, string? Grant = null, string? Kind = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null)
{
    public const string ValidTimes = "an age as 90s, 30m, 2h or 7d, or a time as 2026-03-14, 2026-03-14T15:09 or 2026-03-14T15:09:26Z (UTC)";

    private static readonly string[] Forms = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mmZ", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:ss.fffZ"];

    public bool Matches(AuditRecord record)
    {
        if (Session is not null && record["session"] != Session || Grant is not null && record["grant"]?.Split(' ').Contains(Grant) != true || Kind is not null && record["kind"] != Kind) return false;
        if (Since is null && Until is null) return true;
        return TryParseTime(record["time"]!, default, out DateTimeOffset time) && time >= (Since ?? time) && time <= (Until ?? time);
    }

    public static bool TryParseTime(string text, DateTimeOffset now, out DateTimeOffset time)
    {
        if (DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time)) return true;
        double unit = text.Length < 2 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        if (unit == 0 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count)) return false;
        // Older than the calendar is older than any line.
        time = count * unit < (now - DateTimeOffset.UnixEpoch).TotalSeconds ? now.AddSeconds(-count * unit) : DateTimeOffset.UnixEpoch;
        return true;
    }
}
