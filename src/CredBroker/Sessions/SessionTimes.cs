using System;

namespace CredBroker.Sessions;

/// <summary>How long a session may live, and how long unused.</summary>
internal static class SessionTimes
{
    public const string ValidValues = "1m to 30d, written as 12h, 90m, 7d or 1h30m";

    public static readonly TimeSpan DefaultTtl = TimeSpan.FromHours(12);

    private static readonly TimeSpan Minimum = TimeSpan.FromMinutes(1), Maximum = TimeSpan.FromDays(30);

    /// <returns>Why the text is not one, as what follows "the time "; null where it is.</returns>
    public static string? WhyNot(string text, out TimeSpan time)
    {
        if (!DurationText.TryParse(text, out time)) return $"'{text}' is not a duration; it must be {ValidValues}";
        if (time < Minimum) return $"'{text}' is shorter than 1m, the least";
        return time > Maximum ? $"'{text}' is longer than 30d, the most" : null;
    }
}
