using System;
using System.Threading;
using System.Threading.Tasks;

namespace CredBroker.Credentials;

/// <summary>What the cache knows of one role request. Only under the cache's lock, but for what says otherwise.</summary>
internal sealed class RoleEntry(RoleRequest request)
{
    private AwsCredentials? _credentials;
    private long _takenAt;
    private bool _wasAsked, _wasAskedInFlight;

    public RoleRequest Request => request;

    public TimeSpan Lifetime => TimeSpan.FromSeconds(request.DurationSeconds);

    /// <summary>When <see cref="Credentials"/> came, by <see cref="TimeProvider.GetTimestamp"/>. Read without the lock, too.</summary>
    public long TakenAt
    {
        get => Volatile.Read(ref _takenAt);
        set => Volatile.Write(ref _takenAt, value);
    }

    /// <summary>The last good ones. Read without the lock, too.</summary>
    public AwsCredentials? Credentials
    {
        get => Volatile.Read(ref _credentials);
        set => Volatile.Write(ref _credentials, value);
    }

    public Task<AssumeRoleResult>? Flight;
    public Failure? LastFailure;
    public int Failures;

    /// <summary>When the last call ended, by <see cref="TimeProvider.GetTimestamp"/>, and how long the next waits after it; default: there was none.</summary>
    public long EndedAt;
    public TimeSpan Pause;

    /// <summary>Whether the last who holds it would still be given it; null: yes.</summary>
    public Func<bool>? IsWanted;

    public ITimer? Renewal;

    /// <summary>When somebody who asked had to wait, or got none, the last time.</summary>
    public DateTimeOffset LastRefused;

    /// <summary>From the first hold on: when the last lets go, it is not kept.</summary>
    public bool WasHeld;

    /// <summary>All who hold it, and those of them for whom it is renewed whether anybody asks or not.</summary>
    public int Holders, FirmHolders;

    /// <summary>Whether anybody has asked for the credentials that are here.</summary>
    public bool WasAsked => Volatile.Read(ref _wasAsked);

    /// <summary>Somebody asks. Without the lock: the worst of a race is one renewal more.</summary>
    public void Ask()
    {
        // Looked at first: who writes takes the line from all other processors.
        if (!Volatile.Read(ref _wasAskedInFlight)) Volatile.Write(ref _wasAskedInFlight, true);
        if (!Volatile.Read(ref _wasAsked)) Volatile.Write(ref _wasAsked, true);
    }

    /// <summary>A flight begins that nobody waits for: who asks from now on asks for what it brings, too.</summary>
    public void BeginUnasked() => Volatile.Write(ref _wasAskedInFlight, false);

    /// <summary>What a flight has brought takes the place of what was here.</summary>
    public void Take(AwsCredentials credentials, long now)
    {
        TakenAt = now;
        Credentials = credentials;
        Volatile.Write(ref _wasAsked, Volatile.Read(ref _wasAskedInFlight));
    }
}
