using System;
using System.Threading;

namespace CredBroker.Broker;

/// <summary>A rate with room for bursts.</summary>
internal sealed class TokenBucket(TimeProvider clock, double perSecond, double burst)
{
    private readonly Lock _lock = new();
    private readonly double _burst = burst;
    private double _left = burst;
    private DateTimeOffset _last = clock.GetUtcNow();

    /// <param name="retryAfter">Where there is nothing left: when there will be.</param>
    public bool TryTake(out TimeSpan retryAfter)
    {
        lock (_lock)
        {
            DateTimeOffset now = clock.GetUtcNow();
            _left = Math.Min(_burst, _left + Math.Max(0, (now - _last).TotalSeconds) * perSecond);
            _last = now;
            retryAfter = _left >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - _left) / perSecond);
            if (_left < 1) return false;
            _left--;
            return true;
        }
    }
}
