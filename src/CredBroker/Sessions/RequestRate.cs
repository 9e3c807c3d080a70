using System;
using System.Threading;

namespace CredBroker.Sessions;

/// <summary>
/// How often one session may ask: 200 at once, then 50 a second. Far beyond what parallel processes of an SDK ask, and far below what keeps others from
/// being answered. A token bucket as one number (the generic cell rate algorithm): when the bucket would be full again.
/// </summary>
internal sealed class RequestRate
{
    private const int Burst = 200;
    private const long Interval = TimeSpan.TicksPerSecond / 50;

    private long _full;

    public bool TryTake(DateTimeOffset now, out TimeSpan retryAfter)
    {
        while (true)
        {
            long full = Volatile.Read(ref _full);
            // A bucket that is further from full than an empty one can be: the clock was set back.
            long from = full > now.UtcTicks && full <= now.UtcTicks + Burst * Interval ? full : now.UtcTicks;
            long wait = from + Interval - (now.UtcTicks + Burst * Interval);
            retryAfter = TimeSpan.FromTicks(Math.Max(0, wait));
            if (wait > 0) return false;
            if (Interlocked.CompareExchange(ref _full, from + Interval, full) == full) return true;
        }
    }
}
