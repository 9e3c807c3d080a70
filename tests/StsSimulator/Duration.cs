using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace StsSimulator;

/// <summary>DurationSeconds as it is sent: a 32-bit number, or not.</summary>
internal static class Duration
{
    public static bool TryParse(string? text, int otherwise, out int seconds, [NotNullWhen(false)] out StsError? error)
    {
        seconds = otherwise;
        error = null;
        if (text is null || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out seconds))
            return true;
        error = new StsError(400, "MalformedInput", text.Length == 0 ? "missing value for decimal type" : null);
        return false;
    }
}
