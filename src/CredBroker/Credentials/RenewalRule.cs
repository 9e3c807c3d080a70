using System;

namespace CredBroker.Credentials;

/// <summary>When credentials are renewed and how long they are served. Source: design, "Rules of the cache".</summary>
internal static class RenewalRule
{
    /// <summary>Below this, an AWS call that is being signed may fail on the way.</summary>
    public static readonly TimeSpan LeastServed = TimeSpan.FromSeconds(60);

    /// <summary>Between two renewals in the background that both succeed: time that STS cuts, or a clock that is wrong, must not make a loop of them.</summary>
    public static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongSession = TimeSpan.FromHours(1);

    /// <summary>boto3 and the .NET SDK ask again on every call below 15 minutes: 20 leaves room for a renewal that fails at first.</summary>
    private static readonly TimeSpan LongSessionMargin = TimeSpan.FromMinutes(20);

    private static readonly TimeSpan LeastMargin = TimeSpan.FromMinutes(5);

    /// <summary>How much of the lifetime is left when renewal begins.</summary>
    /// <param name="lifetime">What was asked of STS.</param>
    public static TimeSpan Margin(TimeSpan lifetime)
    {
        if (lifetime >= LongSession) return LongSessionMargin;
        TimeSpan third = lifetime / 3;
        return third > LeastMargin ? third : LeastMargin;
    }

    public static bool IsDue(TimeSpan lifetime, TimeSpan left) => left < Margin(lifetime);

    public static bool MayBeServed(TimeSpan left) => left > LeastServed;

    /// <summary>The pause after the n-th failure in a row (from 1), before jitter: 1 s, 2 s, 4 s, … 30 s.</summary>
    public static TimeSpan Backoff(int failures) => TimeSpan.FromSeconds(Math.Min(30, Math.Pow(2, Math.Min(failures, 10) - 1)));
}
