using System;
using System.Threading;

namespace CredBroker.Sessions;

/// <summary>
/// How often somebody may ask: a rate, with room for more at once. A token bucket as one number (the generic cell rate algorithm): when the bucket would be full again.
/// </summary>
internal sealed class RequestRate
{
    private long _full;

    /// <param name="perSecond">Requests; from 1 to 10,000,000.</param>
    /// <param name="burst">Requests at once, after a pause.</param>
    /// <param name="retryAfter">Where there is nothing left: when there will be.</param>
    public bool TryTake(DateTimeOffset now, int perSecond, int burst, out TimeSpan retryAfter)
    {
        long interval = TimeSpan.TicksPerSecond / perSecond, room = burst * interval;
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
