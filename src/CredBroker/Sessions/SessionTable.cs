using System;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;

namespace CredBroker.Sessions;

/// <summary>The sessions that are alive, by their token's hash. What a request costs does not depend on how many there are.</summary>
internal sealed class SessionTable(TimeProvider? clock = null, int limit = SessionTable.DefaultLimit, int rate = SessionTable.DefaultRate)
{
    /// <summary>Twice what the benchmark runs with; each takes about 1 KB.</summary>
    public const int DefaultLimit = 20_000;

    /// <summary>Requests a second of one session: far beyond what parallel processes of an SDK ask.</summary>
    public const int DefaultRate = 1000;

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly Lock _changing = new();
    private readonly ConcurrentDictionary<ulong, LiveSession> _byHash = new();
    private readonly ConcurrentDictionary<string, LiveSession> _byId = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>A session is no longer in the table.</summary>
    public event Action<Session>? Ended;

    public int Limit => limit;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Those that live, oldest first.</summary>
    public IReadOnlyList<LiveSession> Live
    {
        get
        {
            DateTimeOffset now = _clock.GetUtcNow();
            return [.. _byId.Values.Where(live => live.WhyEnded(now) is null).OrderBy(live => live.Session.Created).ThenBy(live => live.Session.Id, StringComparer.Ordinal)];
        }
    }

    /// <summary>Makes a session known; the token is not kept.</summary>
    /// <exception cref="InvalidOperationException">There is no room for it.</exception>
    public void Add(Session session, SessionToken token)
    {
        if (!TryAdd(new LiveSession(session, token.Hash, _clock.GetUtcNow()))) throw new InvalidOperationException("there is no room for another session");
    }

    /// <returns>False where there are as many as there may be.</returns>
    public bool TryAdd(LiveSession live) => TryAdd(live, limit);

    /// <summary>Makes a session known again, however many there are.</summary>
    public void Restore(LiveSession live) => TryAdd(live, int.MaxValue);

    private bool TryAdd(LiveSession live, int most)
    {
        lock (_changing)
        {
            // Ids and hashes of random bits: one that is there already is a session that was added twice.
            if (_count >= most || _byId.ContainsKey(live.Session.Id) || !_byHash.TryAdd(KeyOf(live.TokenHash), live)) return false;
            _byId[live.Session.Id] = live;
            Volatile.Write(ref _count, _count + 1);
            return true;
        }
    }

    /// <summary>The session of a token that may ask now; null: none. It counts as a use.</summary>
    public Session? Find(ReadOnlySpan<char> token)
    {
        if (token.IsEmpty) return null;
        Span<byte> hash = stackalloc byte[SessionToken.HashLength];
        SessionToken.HashOf(token, hash);
        // The time of this look-up tells at most something of the hash of a token, and nobody finds a token by its SHA-256.
        if (!_byHash.TryGetValue(KeyOf(hash), out LiveSession? live)) return null;
        // Against guessing a token by how long a comparison takes.
        if (!CryptographicOperations.FixedTimeEquals(hash, live.TokenHash)) return null;
        DateTimeOffset now = _clock.GetUtcNow();
        if (live.WhyEnded(now) is not null) return null;
        live.Use(now);
        return live.Session;
    }

    /// <summary>Takes one request from what the session may ask: a rate, and twice as many at once, so that a loop gone wrong does not keep others from being answered.</summary>
    /// <param name="retryAfter">How long until it may ask again.</param>
    public bool MayAsk(Session session, out TimeSpan retryAfter)
    {
        retryAfter = default;
        return !_byId.TryGetValue(session.Id, out LiveSession? live) || live.Rate.TryTake(_clock.GetUtcNow(), rate, 2 * rate, out retryAfter);
    }

    public bool IsAlive(string id) => _byId.TryGetValue(id, out LiveSession? live) && live.WhyEnded(_clock.GetUtcNow()) is null;

    /// <summary>From now on its token opens nothing.</summary>
    /// <returns>Null where there is none of that id.</returns>
    public Session? Remove(string id)
    {
        LiveSession? live;
        lock (_changing)
        {
            if (!_byId.TryRemove(id, out live)) return null;
            _byHash.TryRemove(KeyOf(live.TokenHash), out _);
            Volatile.Write(ref _count, _count - 1);
        }

        Ended?.Invoke(live.Session);
        return live.Session;
    }

    /// <summary>Removes the sessions whose time is over.</summary>
    public IReadOnlyList<(Session Session, string Why)> RemoveEnded()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        List<(Session, string)> ended = [];
        foreach (LiveSession live in _byId.Values)
        {
            if (live.WhyEnded(now) is string why && Remove(live.Session.Id) is { } session) ended.Add((session, why));
        }

        return ended;
    }

    /// <summary>Those that have been used since that was last written down.</summary>
    public IReadOnlyList<LiveSession> UsedSinceWritten() => [.. _byId.Values.Where(live => live.LastUsed > live.LastWritten)];

    /// <summary>How a hash begins.</summary>
    private static ulong KeyOf(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt64LittleEndian(hash);
}
