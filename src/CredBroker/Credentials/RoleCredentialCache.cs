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
    /// <summary>Calls of STS at once, of all roles.</summary>
    public const int MostFlights = 64;

    /// <summary>SDKs that were refused ask again within seconds; a person, within minutes.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<RoleRequest, RoleEntry> _entries = [];
    private readonly CancellationTokenSource _stopping = new();

    // Without a limit, thousands of sessions that are due at once would take all memory and files, and STS would throttle them.
    private readonly SemaphoreSlim _places = new(MostFlights), _unasked = new(MostFlights / 2);

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
    /// <param name="isWanted">Asked before each renewal; null: it is.</param>
    public RoleHold Hold(RoleRequest request, Func<bool>? isWanted = null) => Hold(request, isWanted, isFirm: true);

    /// <summary>Keeps them renewed ahead until disposed, as long as the ones before were asked for.</summary>
    public RoleHold HoldWhileAsked(RoleRequest request, Func<bool>? isWanted = null) => Hold(request, isWanted, isFirm: false);

    /// <summary>Why there are no credentials, of each role in use that has none to serve and whose last call failed. In use is what is renewed unasked, and what somebody has asked for lately.</summary>
    public IReadOnlyList<Failure> Failing()
    {
        List<Failure> failing = [];
        lock (_lock)
        {
            DateTimeOffset now = clock.GetUtcNow();
            foreach (RoleEntry entry in _entries.Values)
            {
                bool hasCredentials = entry.Credentials is not null && RenewalRule.MayBeServed(Left(entry));
                bool isInUse = entry.FirmHolders > 0 || now - entry.LastRefused < Lately;
                if (!hasCredentials && isInUse && entry.LastFailure is { } failure) failing.Add(failure);
            }
        }

        return failing;
    }

    /// <summary>The roles that there are credentials of, and how long those still last.</summary>
    public IEnumerable<(string RoleArn, TimeSpan Left)> Expiries()
    {
        lock (_lock) return [.. _entries.Values.Where(entry => entry.Credentials is not null).Select(entry => (entry.Request.RoleArn, Left(entry)))];
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
        _places.Dispose();
        _unasked.Dispose();
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

    private RoleHold Hold(RoleRequest request, Func<bool>? isWanted, bool isFirm)
    {
        lock (_lock)
        {
            RoleEntry entry = Find(request);
            entry.IsWanted = isWanted;
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
        TimeSpan left = Left(entry, credentials);
        if (!RenewalRule.MayBeServed(left)) return null;
        if (RenewalRule.IsDue(entry.Lifetime, left)) StartIfMay(entry);
        return credentials;
    }

    private void StartIfMay(RoleEntry entry)
    {
        lock (_lock)
        {
            if (entry.Flight is null && PauseLeft(entry) <= TimeSpan.Zero) Start(entry, isUrgent: false);
        }
    }

    /// <summary>How long credentials last: by their expiry, and, since this host's clock may be behind, no longer than what was asked for from when they came.</summary>
    private TimeSpan Left(RoleEntry entry, AwsCredentials credentials)
    {
        TimeSpan byExpiry = credentials.Expiration - clock.GetUtcNow(), byAge = entry.Lifetime - clock.GetElapsedTime(entry.TakenAt);
        return byExpiry < byAge ? byExpiry : byAge;
    }

    private TimeSpan Left(RoleEntry entry) => Left(entry, entry.Credentials!);

    /// <summary>How long until the next call may be made. Not by the time of day, which somebody may set.</summary>
    private TimeSpan PauseLeft(RoleEntry entry) => entry.Pause - clock.GetElapsedTime(entry.EndedAt);

    private void Pause(RoleEntry entry, TimeSpan pause) => (entry.EndedAt, entry.Pause) = (clock.GetTimestamp(), pause);

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
            entry.LastRefused = clock.GetUtcNow();
            if (entry.Flight is null && entry.LastFailure is not null && PauseLeft(entry) is var pause && pause > TimeSpan.Zero)
            {
                return new AssumeRoleResult(entry.LastFailure with { RetryAfter = pause });
            }

            flight = entry.Flight ?? Start(entry, isUrgent: true);
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

    /// <param name="isUrgent">Somebody waits; else there are still good credentials, or nobody has asked.</param>
    private Task<AssumeRoleResult> Start(RoleEntry entry, bool isUrgent)
    {
        // On the pool and on the cache's own token: a caller that goes away does not cancel what others wait for.
        Task<AssumeRoleResult> flight = Task.Run(() => FlyAsync(entry, isUrgent));
        entry.Flight = flight;
        return flight;
    }

    private async Task<AssumeRoleResult> FlyAsync(RoleEntry entry, bool isUrgent)
    {
        RoleRequest request = entry.Request;
        AssumeRoleResult result = await AssumeInTurnAsync(request, isUrgent);
        lock (_lock)
        {
            entry.Flight = null;
            if (result.Credentials is { } issued)
            {
                entry.Take(issued, clock.GetTimestamp());
                entry.LastFailure = null;
                entry.Failures = 0;
                // Credentials that are due on arrival, by a wrong clock or a short session, must not make every ask a call.
                Pause(entry, RenewalRule.LeastPause);
            }
            else
            {
                entry.LastFailure = result.Failure;
                TimeSpan pause = RenewalRule.Backoff(++entry.Failures);
                // Up to half as much again, so that a fleet that failed together does not come back together.
                Pause(entry, pause + pause * (RandomNumberGenerator.GetInt32(0, 500) / 1000.0));
            }

            if (entry.Holders > 0) ScheduleRenewal(entry);
            else if (entry.WasHeld) Forget(entry);
        }

        if (_stopping.IsCancellationRequested) return result; // what is cut off has not failed
        if (result.Credentials is { } credentials) log.Issued(credentials.AssumedRoleArn, credentials.Expiration);
        else log.Refused(request.RoleArn, request.SessionName, result.Failure!.Code, result.Failure.Message, result.Failure.Detail ?? "-");
        return result;
    }

    /// <summary>So many calls at once and no more; those that can wait leave half of the places to those that somebody waits for.</summary>
    private async Task<AssumeRoleResult> AssumeInTurnAsync(RoleRequest request, bool isUrgent)
    {
        try
        {
            return await (isUrgent ? WithinAsync(_places, Assume) : WithinAsync(_unasked, () => WithinAsync(_places, Assume)));
        }
        catch (OperationCanceledException)
        {
            return new AssumeRoleResult(Failure.Stopping);
        }

        async Task<AssumeRoleResult> Assume()
        {
            metrics?.FlightStarted();
            long started = clock.GetTimestamp();
            AssumeRoleResult result = await AssumeAsync(request);
            metrics?.FlightEnded(clock.GetElapsedTime(started), result.Failure?.Code);
            return result;
        }
    }

    private async Task<AssumeRoleResult> WithinAsync(SemaphoreSlim places, Func<Task<AssumeRoleResult>> call)
    {
        await places.WaitAsync(_stopping.Token);
        try
        {
            return await call();
        }
        finally
        {
            places.Release();
        }
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
            return new AssumeRoleResult(Failure.Bug with { Detail = e.ToString() });
        }
    }

    /// <summary>Sets the timer of a held entry to when its credentials are due, or its failed call may be repeated.</summary>
    private void ScheduleRenewal(RoleEntry entry)
    {
        entry.Renewal?.Dispose();
        entry.Renewal = null;
        if (_stopping.IsCancellationRequested) return;
        // Nothing is known of it yet: the first to ask starts the flight.
        if (entry.Pause == default) return;
        TimeSpan wait = PauseLeft(entry);
        if (entry.Credentials is not null && entry.LastFailure is null)
        {
            TimeSpan ahead = Left(entry) - RenewalRule.Margin(entry.Lifetime);
            if (ahead > wait) wait = ahead;
        }

        entry.Renewal = clock.CreateTimer(_ => Renew(entry), null, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Renew(RoleEntry entry)
    {
        lock (_lock)
        {
            if (entry.Holders == 0 || entry.Flight is not null || _stopping.IsCancellationRequested) return;
            // What nobody has asked for, or nobody can be served with, is not worth a call: the next who asks starts it.
            bool isInUse = entry.WasAsked && entry.Credentials is not null && RenewalRule.MayBeServed(Left(entry));
            if (!isInUse && entry.FirmHolders == 0) return;
            // Revoked, or granted anew as something else: this is nobody's any more.
            if (entry.IsWanted?.Invoke() == false) return;
            entry.BeginUnasked();
            Start(entry, isUrgent: false);
        }
    }

    /// <summary>An entry that somebody asks by its hold, after all have let go, is none of the cache's any more.</summary>
    private void Forget(RoleEntry entry)
    {
        if (_entries.TryGetValue(entry.Request, out RoleEntry? known) && known == entry) _entries.Remove(entry.Request);
    }
}
