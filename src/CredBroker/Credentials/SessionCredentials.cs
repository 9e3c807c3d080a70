using System;
using System.Collections.Concurrent;
using System.Linq;
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
    private readonly FindGrant _findGrant;
    private readonly ConcurrentDictionary<LiveSession, Held> _held = new();

    public SessionCredentials(RoleCredentialCache cache, SessionTable sessions, FindGrant findGrant)
    {
        _cache = cache;
        _sessions = sessions;
        _findGrant = findGrant;
        sessions.Ended += Release;
    }

    /// <summary>As <see cref="RoleCredentialCache.GetAsync(RoleRequest, TimeSpan, CancellationToken)"/>.</summary>
    public ValueTask<AssumeRoleResult> GetAsync(LiveSession session, Grant grant, TimeSpan patience, CancellationToken cancellation) =>
        Hold(session, grant, isFirm: false) is { } hold
            ? hold.GetAsync(patience, cancellation)
            : new ValueTask<AssumeRoleResult>(new AssumeRoleResult(new Failure(FailureKind.Unauthorized, "Unauthorized", "the session has just ended")));

    /// <summary>Keeps a session's credentials renewed ahead to its end, asked for or not.</summary>
    public void Hold(LiveSession session, Grant grant) => Hold(session, grant, isFirm: true);

    /// <returns>Null where the session has ended.</returns>
    private RoleHold? Hold(LiveSession session, Grant grant, bool isFirm)
    {
        Held held = _held.TryGetValue(session, out Held? known) ? known : _held.GetOrAdd(session, _ => new Held());
        if (held.Find(grant) is { } hold) return hold;
        string id = session.Session.Id;
        hold = held.Add(grant, RoleRequest.For(grant, id), isFirm, Begin);
        if (_sessions.IsAlive(session)) return hold;
        // It has ended since its request was let in, and nobody else would let go.
        Release(session);
        held.Dispose();
        return null;

        RoleHold Begin(RoleRequest request, bool firmly)
        {
            // What is revoked, or granted anew as something else, is not renewed.
            bool IsWanted() => _findGrant(grant.Name) is { } now && RoleRequest.For(now, id) == request;
            return firmly ? _cache.Hold(request, IsWanted) : _cache.HoldWhileAsked(request, IsWanted);
        }
    }

    private void Release(LiveSession session)
    {
        if (_held.TryRemove(session, out Held? held)) held.Dispose();
    }

    /// <summary>What one session holds: of each grant the last that was asked for.</summary>
    private sealed class Held : IDisposable
    {
        // Replaced as a whole, so that requests read it without a lock.
        private volatile (Grant Grant, RoleHold Hold)[] _holds = [];

        /// <param name="grant">As it was looked up: a grant that has been read anew since is another.</param>
        public RoleHold? Find(Grant grant)
        {
            foreach ((Grant known, RoleHold hold) in _holds)
            {
                if (ReferenceEquals(known, grant)) return hold;
            }

            return null;
        }

        public RoleHold Add(Grant grant, RoleRequest request, bool isFirm, Func<RoleRequest, bool, RoleHold> begin)
        {
            lock (this)
            {
                (Grant Grant, RoleHold Hold) before = Array.Find(_holds, held => held.Grant.Name == grant.Name);
                // Read anew, and the same: its credentials stay as they are.
                RoleHold held = before.Hold?.Request == request ? before.Hold : begin(request, isFirm || before.Hold?.IsFirm == true);
                _holds = [.. _holds.Where(other => other.Hold != before.Hold), (grant, held)];
                if (before.Hold != held) before.Hold?.Dispose();
                return held;
            }
        }

        public void Dispose()
        {
            lock (this)
            {
                foreach ((_, RoleHold hold) in _holds) hold.Dispose();
                _holds = [];
            }
        }
    }
}
