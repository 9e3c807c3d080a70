using System;
using System.Threading;

namespace CredBroker.Sessions;

/// <summary>A session in the table, and what changes while it lives.</summary>
internal sealed class LiveSession(Session session, byte[] tokenHash, DateTimeOffset lastUsed)
{
    private long _lastUsed = lastUsed.UtcTicks;

    /// <summary>A new session; its token is not kept.</summary>
    public LiveSession(Session session, SessionToken token) : this(session, token.Hash, session.Created)
    {
    }

    public Session Session => session;

    public byte[] TokenHash => tokenHash;

    public RequestRate Rate { get; } = new();

    public DateTimeOffset LastUsed => new(Volatile.Read(ref _lastUsed), TimeSpan.Zero);

    /// <summary>What the store has of <see cref="LastUsed"/>.</summary>
    public DateTimeOffset LastWritten { get; set; } = lastUsed;

    public void Use(DateTimeOffset now) => Volatile.Write(ref _lastUsed, now.UtcTicks);

    /// <summary>Why it has ended; null while it lives.</summary>
    public string? WhyEnded(DateTimeOffset now) =>
        now >= session.Ends ? SessionEnd.Expired
        : session.IdleLimit is { } idle && now - LastUsed >= idle ? SessionEnd.Idle
        : null;
}
