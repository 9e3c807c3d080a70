using System;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CredBroker;

/// <summary>Times as people write them: <c>30d</c>, <c>1h30m</c>, <c>90s</c>.</summary>
internal static partial class DurationText
{
    /// <summary>At most 999,999 of each unit, which a <see cref="TimeSpan"/> holds. Says nothing of limits: they are the caller's.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        Match match = Form().Match(text);
        duration = match.Success ? new TimeSpan(Part(match, "d"), Part(match, "h"), Part(match, "m"), Part(match, "s")) : default;
        return match.Success;
    }

    public static string Format(TimeSpan duration)
    {
        string text = Part(duration.Days, "d") + Part(duration.Hours, "h") + Part(duration.Minutes, "m") + Part(duration.Seconds, "s");
        return text.Length == 0 ? "0s" : text;
    }

    private static string Part(int count, string unit) => count == 0 ? "" : count.ToString(CultureInfo.InvariantCulture) + unit;

    private static int Part(Match match, string unit) =>
        match.Groups[unit].Success ? int.Parse(match.Groups[unit].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"\A(?=[0-9])((?<d>[0-9]{1,6})d)?((?<h>[0-9]{1,6})h)?((?<m>[0-9]{1,6})m)?((?<s>[0-9]{1,6})s)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
