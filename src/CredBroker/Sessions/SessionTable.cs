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
    private readonly Dictionary<string, LiveSession> _byId = new(StringComparer.Ordinal); // under the lock

    // What requests are found by, without the lock. Replaced as a whole when it is to become large at once.
    private volatile ConcurrentDictionary<ulong, LiveSession> _byHash = new();

    /// <summary>A session is no longer in the table.</summary>
    public event Action<LiveSession>? Ended;

    public int Limit => limit;

    public int Count
    {
        get
        {
            lock (_changing) return _byId.Count;
        }
    }

    /// <summary>Those that live, oldest first.</summary>
    public IReadOnlyList<LiveSession> Live
    {
        get
        {
            DateTimeOffset now = _clock.GetUtcNow();
            return [.. All().Where(live => live.WhyEnded(now) is null).OrderBy(live => live.Session.Created).ThenBy(live => live.Session.Id, StringComparer.Ordinal)];
        }
    }

    /// <returns>False where there are as many as there may be, or it is there already.</returns>
    public bool TryAdd(LiveSession live)
    {
        lock (_changing) return _byId.Count < limit && TryAddAny(live);
    }

    /// <summary>Makes sessions known again, however many there are.</summary>
    public void Restore(IReadOnlyCollection<LiveSession> kept)
    {
        lock (_changing)
        {
            // Room for all from the beginning: to grow step by step takes longer than all the rest.
            int room = _byId.EnsureCapacity(_byId.Count + kept.Count);
            ConcurrentDictionary<ulong, LiveSession> larger = new(concurrencyLevel: -1, room);
            foreach ((ulong key, LiveSession live) in _byHash) larger.TryAdd(key, live);
            _byHash = larger;
            foreach (LiveSession live in kept) TryAddAny(live);
        }
    }

    /// <summary>The session of a token that may ask now; null: none. It counts as a use.</summary>
    public LiveSession? Find(ReadOnlySpan<char> token)
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
        return live;
    }

    /// <summary>Takes one request from what the session may ask: a rate, and twice as many at once, so that a loop gone wrong does not keep others from being answered.</summary>
    /// <param name="retryAfter">How long until it may ask again.</param>
    public bool MayAsk(LiveSession live, out TimeSpan retryAfter) => live.Rate.TryTake(_clock.GetUtcNow(), rate, 2 * rate, out retryAfter);

    /// <summary>Whether it is in the table, and its time is not over.</summary>
    public bool IsAlive(LiveSession live)
    {
        lock (_changing) return _byId.GetValueOrDefault(live.Session.Id) == live && live.WhyEnded(_clock.GetUtcNow()) is null;
    }

    /// <summary>From now on its token opens nothing.</summary>
    /// <returns>Null where there is none of that id.</returns>
    public Session? Remove(string id)
    {
        LiveSession? live;
        lock (_changing)
        {
            if (!_byId.Remove(id, out live)) return null;
            _byHash.TryRemove(KeyOf(live.TokenHash), out _);
        }

        Ended?.Invoke(live);
        return live.Session;
    }

    /// <summary>Removes the sessions whose time is over.</summary>
    public IReadOnlyList<(Session Session, string Why)> RemoveEnded()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        List<(Session, string)> ended = [];
        foreach (LiveSession live in All())
        {
            if (live.WhyEnded(now) is string why && Remove(live.Session.Id) is { } session) ended.Add((session, why));
        }

        return ended;
    }

    /// <summary>Those that have been used since that was last written down.</summary>
    public IReadOnlyList<LiveSession> UsedSinceWritten() => [.. All().Where(live => live.LastUsed > live.LastWritten)];

    private LiveSession[] All()
    {
        lock (_changing) return [.. _byId.Values];
    }

    private bool TryAddAny(LiveSession live)
    {
        // Ids and hashes of random bits: one that is there already is a session that was added twice.
        if (_byId.ContainsKey(live.Session.Id) || !_byHash.TryAdd(KeyOf(live.TokenHash), live)) return false;
        _byId[live.Session.Id] = live;
        return true;
    }

    /// <summary>How a hash begins.</summary>
    private static ulong KeyOf(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt64LittleEndian(hash);
}
