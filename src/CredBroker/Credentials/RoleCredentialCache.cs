using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Metrics;

namespace CredBroker.Credentials;

/// <summary>Asks STS; ends by itself within its own time limits.</summary>
internal delegate Task<AssumeRoleResult> AssumeRole(RoleRequest request, CancellationToken cancellation);

/// <summary>
/// Credentials by what shapes them. One flight per key, however many ask, on its own clock; renewal ahead in the background;
/// the last good ones through failures of STS; nothing expired, and nothing on disk.
/// </summary>
internal sealed class RoleCredentialCache(AssumeRole assumeRole, TimeProvider clock, BrokerLog log, BrokerMetrics? metrics = null) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RoleRequest, RoleEntry> _entries = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>How many roles' credentials, or failures, it remembers.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _entries.Count;
        }
    }

    /// <summary>
    /// The credentials of a role. Waits for a flight no longer than <paramref name="patience"/>; then, and while a failed
    /// call is not to be repeated yet, the answer is an <see cref="FailureKind.Unavailable"/> failure. The flight goes on.
    /// </summary>
    public ValueTask<AssumeRoleResult> GetAsync(RoleRequest request, TimeSpan patience, CancellationToken cancellation)
    {
        RoleEntry entry;
        lock (_lock) entry = Find(request);
        return GetAsync(entry, patience, cancellation);
    }

    /// <summary>The same, by an entry that somebody holds.</summary>
    internal ValueTask<AssumeRoleResult> GetAsync(RoleEntry entry, TimeSpan patience, CancellationToken cancellation)
    {
        entry.Ask();
        if (Serve(entry) is not { } credentials) return new ValueTask<AssumeRoleResult>(WaitAsync(entry, patience, cancellation));
        metrics?.CacheHit();
        return new ValueTask<AssumeRoleResult>(new AssumeRoleResult(credentials));
    }

    /// <summary>Keeps a role's credentials renewed ahead, asked for or not, until disposed.</summary>
    public RoleHold Hold(RoleRequest request) => Hold(request, isFirm: true);

    /// <summary>Keeps them renewed ahead until disposed, as long as the ones before were asked for.</summary>
    public RoleHold HoldWhileAsked(RoleRequest request) => Hold(request, isFirm: false);

    /// <summary>Why there are no credentials, of each role in use that has none to serve and whose last call failed.</summary>
    public IReadOnlyList<Failure> Failing()
    {
        List<Failure> failing = [];
        lock (_lock)
        {
            DateTimeOffset now = clock.GetUtcNow();
            foreach (RoleEntry entry in _entries.Values)
            {
                bool hasCredentials = entry.Credentials is { } credentials && RenewalRule.MayBeServed(credentials.Expiration - now);
                if (!hasCredentials && entry.LastFailure is { } failure) failing.Add(failure);
            }
        }

        return failing;
    }

    /// <summary>The roles that there are credentials of, and how long those still last.</summary>
    public IEnumerable<(string RoleArn, TimeSpan Left)> Expiries()
    {
        DateTimeOffset now = clock.GetUtcNow();
        lock (_lock) return [.. _entries.Values.Where(entry => entry.Credentials is not null).Select(entry => (entry.Request.RoleArn, entry.Credentials!.Expiration - now))];
    }

    public async ValueTask DisposeAsync()
    {
        List<Task> flights = [];
        lock (_lock)
        {
            foreach (RoleEntry entry in _entries.Values)
            {
                entry.Renewal?.Dispose();
                if (entry.Flight is not null) flights.Add(entry.Flight);
            }
        }

        await _stopping.CancelAsync();
        await Task.WhenAll(flights);
        _stopping.Dispose();
    }

    internal void Release(RoleEntry entry, bool isFirm)
    {
        lock (_lock)
        {
            if (isFirm) entry.FirmHolders--;
            if (--entry.Holders > 0) return;
            entry.Renewal?.Dispose();
            entry.Renewal = null;
            // A flight that is under way ends first: others may wait for it, and DisposeAsync does.
            if (entry.Flight is null) Forget(entry);
        }
    }

    private RoleHold Hold(RoleRequest request, bool isFirm)
    {
        lock (_lock)
        {
            RoleEntry entry = Find(request);
            entry.Holders++;
            if (isFirm) entry.FirmHolders++;
            entry.WasHeld = true;
            ScheduleRenewal(entry);
            return new RoleHold(this, entry, isFirm);
        }
    }

    private RoleEntry Find(RoleRequest request)
    {
        if (!_entries.TryGetValue(request, out RoleEntry? entry)) _entries[request] = entry = new RoleEntry(request);
        return entry;
    }

    /// <summary>Credentials that are good. On every request's way, and so without the lock, until renewal is due.</summary>
    private AwsCredentials? Serve(RoleEntry entry)
    {
        if (entry.Credentials is not { } credentials) return null;
        TimeSpan left = credentials.Expiration - clock.GetUtcNow();
        if (!RenewalRule.MayBeServed(left)) return null;
        if (RenewalRule.IsDue(entry.Lifetime, left)) StartIfMay(entry);
        return credentials;
    }

    private void StartIfMay(RoleEntry entry)
    {
        lock (_lock)
        {
            if (entry.Flight is null && clock.GetUtcNow() >= entry.NotBefore) Start(entry);
        }
    }

    private async Task<AssumeRoleResult> WaitAsync(RoleEntry entry, TimeSpan patience, CancellationToken cancellation)
    {
        Task<AssumeRoleResult> flight;
        lock (_lock)
        {
            // A flight may have ended since we looked.
            if (Serve(entry) is { } credentials)
            {
                metrics?.CacheHit();
                return new AssumeRoleResult(credentials);
            }

            metrics?.CacheMissed();
            if (entry.Flight is null && entry.LastFailure is not null && clock.GetUtcNow() < entry.NotBefore)
            {
                return new AssumeRoleResult(entry.LastFailure with { RetryAfter = entry.NotBefore - clock.GetUtcNow() });
            }

            flight = entry.Flight ?? Start(entry);
        }

        try
        {
            return await flight.WaitAsync(patience, clock, cancellation);
        }
        catch (TimeoutException)
        {
            return new AssumeRoleResult(new Failure(FailureKind.Unavailable, "StillWorking", "AWS STS has not answered yet", "Ask again in a second.", RetryAfter: TimeSpan.FromSeconds(1)));
        }
    }

    private Task<AssumeRoleResult> Start(RoleEntry entry)
    {
        // On the pool and on the cache's own token: a caller that goes away does not cancel what others wait for.
        Task<AssumeRoleResult> flight = Task.Run(() => FlyAsync(entry));
        entry.Flight = flight;
        return flight;
    }

    private async Task<AssumeRoleResult> FlyAsync(RoleEntry entry)
    {
        RoleRequest request = entry.Request;
        metrics?.FlightStarted();
        long started = clock.GetTimestamp();
        AssumeRoleResult result = await AssumeAsync(request);
        metrics?.FlightEnded(clock.GetElapsedTime(started), result.Failure?.Code);
        lock (_lock)
        {
            entry.Flight = null;
            if (result.Credentials is { } issued)
            {
                entry.Take(issued);
                entry.LastFailure = null;
                entry.Failures = 0;
                // Credentials that are due on arrival, by a wrong clock or a short session, must not make every ask a call.
                entry.NotBefore = clock.GetUtcNow() + RenewalRule.LeastPause;
            }
            else
            {
                entry.LastFailure = result.Failure;
                TimeSpan pause = RenewalRule.Backoff(++entry.Failures);
                // Up to half as much again, so that a fleet that failed together does not come back together.
                entry.NotBefore = clock.GetUtcNow() + pause + pause * (RandomNumberGenerator.GetInt32(0, 500) / 1000.0);
            }

            if (entry.Holders > 0) ScheduleRenewal(entry);
            else if (entry.WasHeld) Forget(entry);
        }

        if (_stopping.IsCancellationRequested) return result; // what is cut off has not failed
        if (result.Credentials is { } credentials) log.Issued(credentials.AssumedRoleArn, credentials.Expiration);
        else log.Refused(request.RoleArn, request.SessionName, result.Failure!.Code, result.Failure.Message, result.Failure.Detail ?? "-");
        return result;
    }

    private async Task<AssumeRoleResult> AssumeAsync(RoleRequest request)
    {
        try
        {
            AssumeRoleResult result = await assumeRole(request, _stopping.Token);
            bool isUsable = result.Credentials is not { } credentials || RenewalRule.MayBeServed(credentials.Expiration - clock.GetUtcNow());
            return isUsable ? result : new AssumeRoleResult(StsFailure.ExpiredOnArrival(result.Credentials!.Expiration, clock.GetUtcNow()));
        }
        catch (Exception e)
        {
            // Whatever it is: a flight that ends by an exception would keep its key without credentials for good.
            return new AssumeRoleResult(new Failure(FailureKind.Internal, "InternalError", "the broker has an internal error", "The broker's log says more; please report it.", e.ToString()));
        }
    }

    /// <summary>Sets the timer of a held entry to when its credentials are due, or its failed call may be repeated.</summary>
    private void ScheduleRenewal(RoleEntry entry)
    {
        entry.Renewal?.Dispose();
        entry.Renewal = null;
        if (_stopping.IsCancellationRequested) return;
        DateTimeOffset due = entry.NotBefore;
        if (entry.Credentials is { } credentials && entry.LastFailure is null)
        {
            DateTimeOffset ahead = credentials.Expiration - RenewalRule.Margin(entry.Lifetime);
            if (ahead > due) due = ahead;
        }

        // Nothing is known of it yet: the first to ask starts the flight.
        if (due == default) return;
        TimeSpan wait = due - clock.GetUtcNow();
        entry.Renewal = clock.CreateTimer(_ => Renew(entry), null, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Renew(RoleEntry entry)
    {
        lock (_lock)
        {
            if (entry.Holders == 0 || entry.Flight is not null || _stopping.IsCancellationRequested) return;
            // What nobody has asked for, or nobody can be served with, is not worth a call: the next who asks starts it.
            bool isInUse = entry.WasAsked && entry.Credentials is { } credentials && RenewalRule.MayBeServed(credentials.Expiration - clock.GetUtcNow());
            if (!isInUse && entry.FirmHolders == 0) return;
            entry.BeginUnasked();
            Start(entry);
        }
    }

    /// <summary>An entry that somebody asks by its hold, after all have let go, is none of the cache's any more.</summary>
    private void Forget(RoleEntry entry)
    {
        if (_entries.TryGetValue(entry.Request, out RoleEntry? known) && known == entry) _entries.Remove(entry.Request);
    }
}
