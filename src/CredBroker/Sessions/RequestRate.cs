using System;
using System.Threading;

namespace CredBroker.Sessions;

/// <summary>
/// How often one session may ask: a rate, and twice as many at once, so that a loop gone wrong does not keep others from being answered. A token bucket as one number (the generic cell rate algorithm): when the bucket would be full again.
/// </summary>
internal sealed class RequestRate
{
    private long _full;

    /// <param name="perSecond">Requests; from 1 to 10,000,000.</param>
    public bool TryTake(DateTimeOffset now, int perSecond, out TimeSpan retryAfter)
    {
        long interval = TimeSpan.TicksPerSecond / perSecond, room = 2 * perSecond * interval;
        while (true)
        {
            long full = Volatile.Read(ref _full);
            // A bucket that is further from full than an empty one can be: the clock was set back.
            long from = full > now.UtcTicks && full <= now.UtcTicks + room ? full : now.UtcTicks;
            long wait = from + interval - (now.UtcTicks + room);
            retryAfter = TimeSpan.FromTicks(Math.Max(0, wait));
            if (wait > 0) return false;
            if (Interlocked.CompareExchange(ref _full, from + interval, full) == full) return true;
        }
    }
}
