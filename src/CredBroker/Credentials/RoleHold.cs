using System;
using System.Threading;
using System.Threading.Tasks;

namespace CredBroker.Credentials;

/// <summary>A role's credentials, kept in the cache and renewed ahead until this is disposed.</summary>
internal sealed class RoleHold(RoleCredentialCache cache, RoleEntry entry, bool isFirm) : IDisposable
{
    private int _released;

    public RoleRequest Request => entry.Request;

    /// <summary>Whether it is renewed also where nobody asks.</summary>
    public bool IsFirm => isFirm;

    /// <summary>As <see cref="RoleCredentialCache.GetAsync(RoleRequest, TimeSpan, CancellationToken)"/>, without looking for the role.</summary>
    public ValueTask<AssumeRoleResult> GetAsync(TimeSpan patience, CancellationToken cancellation) => cache.GetAsync(entry, patience, cancellation);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0) cache.Release(entry, isFirm);
    }
}
