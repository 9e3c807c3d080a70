namespace AwsCred;

/// <summary>How far the clock here is from the broker's.</summary>
internal static class ClockCheck
{
    /// <summary>AWS refuses signatures that are further off.</summary>
    private const int MaximumSeconds = 300;

    private const int NoticedSeconds = 30;

    /// <param name="isKnown">The broker has told its time.</param>
    /// <param name="behind">Seconds that the clock here is behind; below zero where it is ahead.</param>
    public static void Run(bool isKnown, long behind, ref CheckReport report)
    {
        report.Begin("clock"u8);
        if (!isKnown)
        {
            report.Skip("the broker does not tell its time"u8);
            return;
        }

        long away = behind < 0 ? -behind : behind;
        report.Text.AppendNumber(away);
        report.Text.Append(behind < 0 ? " s ahead of the broker"u8 : " s behind the broker"u8);
        CheckResult result = away >= MaximumSeconds ? CheckResult.Fail : away >= NoticedSeconds ? CheckResult.Warn : CheckResult.Ok;
        if (result != CheckResult.Ok) report.Hint.Append("Set the clock here or on the broker's host: AWS refuses signatures that are 5 minutes off."u8);
        report.End(result);
    }
}
