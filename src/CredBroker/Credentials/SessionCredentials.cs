using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Grants;
using CredBroker.Sessions;

namespace CredBroker.Credentials;

/// <summary>
/// The credentials of sessions: from the first ask to the session's end the cache holds them, and renews them ahead for as long as somebody asks.
/// A session that nobody uses costs no calls, and one that has ended leaves nothing in memory.
/// </summary>
internal sealed class SessionCredentials
{
    private readonly RoleCredentialCache _cache;
    private readonly SessionTable _sessions;
    private readonly ConcurrentDictionary<string, Held> _held = new(StringComparer.Ordinal);

    public SessionCredentials(RoleCredentialCache cache, SessionTable sessions)
    {
        _cache = cache;
        _sessions = sessions;
        sessions.Ended += session => Release(session.Id);
    }

    /// <summary>As <see cref="RoleCredentialCache.GetAsync"/>.</summary>
    public Task<AssumeRoleResult> GetAsync(Session session, Grant grant, TimeSpan patience, CancellationToken cancellation)
    {
        RoleRequest request = RoleRequest.For(grant, session.Id);
        return Hold(session, request, _cache.HoldWhileAsked)
            ? _cache.GetAsync(request, patience, cancellation)
            : Task.FromResult(new AssumeRoleResult(new Failure(FailureKind.Unauthorized, "Unauthorized", "the session has just ended")));
    }

    /// <summary>Keeps a session's credentials renewed ahead to its end, asked for or not.</summary>
    public void Hold(Session session, Grant grant) => Hold(session, RoleRequest.For(grant, session.Id), _cache.Hold);

    /// <returns>False where the session has ended.</returns>
    private bool Hold(Session session, RoleRequest request, Func<RoleRequest, IDisposable> hold)
    {
        bool isNew = _held.GetOrAdd(session.Id, _ => new Held()).Add(request, hold);
        if (!isNew || _sessions.IsAlive(session.Id)) return true;
        // It has ended since its request was let in, and nobody else would let go.
        Release(session.Id);
        return false;
    }

    private void Release(string id)
    {
        if (_held.TryRemove(id, out Held? held)) held.Dispose();
    }

    private sealed class Held : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<RoleRequest, IDisposable> _holdings = [];

        /// <returns>False where it was held already.</returns>
        public bool Add(RoleRequest request, Func<RoleRequest, IDisposable> hold)
        {
            lock (_lock)
            {
                if (_holdings.ContainsKey(request)) return false;
                _holdings[request] = hold(request);
                return true;
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                foreach (IDisposable holding in _holdings.Values) holding.Dispose();
                _holdings.Clear();
            }
        }
    }
}
