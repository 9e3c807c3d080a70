using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CredBroker.Grants;

/// <summary>How long one set of credentials lasts. Source: STS API reference, AssumeRole, DurationSeconds.</summary>
internal static partial class SessionDuration
{
    public const string ValidValues = "15m to 12h, written as 1h, 90m, 3600s or 1h30m";

    public static readonly TimeSpan Default = TimeSpan.FromHours(1);
    public static readonly TimeSpan Minimum = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan Maximum = TimeSpan.FromHours(12);

    /// <param name="text">Empty is the default.</param>
    /// <param name="why">Why it is not one, as what follows "the session duration "; null on success.</param>
    public static bool TryParse(string text, out TimeSpan duration, [NotNullWhen(false)] out string? why)
    {
        duration = Default;
        why = null;
        if (text.Length == 0) return true;
        Match match = Form().Match(text);
        if (!match.Success)
        {
            why = $"'{text}' is not a duration";
            return false;
        }

        duration = new TimeSpan(Part(match, "h"), Part(match, "m"), Part(match, "s"));
        if (duration < Minimum) why = $"'{text}' is shorter than the 15m that STS gives at least";
        if (duration > Maximum) why = $"'{text}' is longer than the 12h that STS gives at most";
        return why is null;
    }

    /// <summary>As people write it: <c>1h30m</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        int hours = (int)duration.TotalHours;
        return (hours > 0 ? $"{hours}h" : "") + (duration.Minutes > 0 ? $"{duration.Minutes}m" : "") + (duration.Seconds > 0 ? $"{duration.Seconds}s" : "");
    }

    private static int Part(Match match, string unit) =>
        match.Groups[unit].Success ? int.Parse(match.Groups[unit].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"\A(?=[0-9])((?<h>[0-9]{1,6})h)?((?<m>[0-9]{1,6})m)?((?<s>[0-9]{1,6})s)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
