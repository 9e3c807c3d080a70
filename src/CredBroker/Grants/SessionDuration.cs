using System;
using System.Diagnostics.CodeAnalysis;

namespace CredBroker.Grants;

/// <summary>How long one set of credentials lasts. Source: STS API reference, AssumeRole, DurationSeconds.</summary>
internal static class SessionDuration
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
        // Days are never within the limits: whoever writes them means a session of the broker, and not AWS's.
        if (text.Contains('d', StringComparison.Ordinal) || !DurationText.TryParse(text, out duration))
        {
            why = $"'{text}' is not a duration";
            return false;
        }

        if (duration < Minimum) why = $"'{text}' is shorter than the 15m that STS gives at least";
        if (duration > Maximum) why = $"'{text}' is longer than the 12h that STS gives at most";
        return why is null;
    }

    /// <summary>As people write it: <c>1h30m</c>.</summary>
    public static string Format(TimeSpan duration) => DurationText.Format(duration);
}
