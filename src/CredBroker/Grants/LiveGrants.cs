using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using CredBroker.Files;

namespace CredBroker.Grants;

/// <summary>
/// The grants as they are now: a look at the file's stamp, and reading it again when that has changed. What is revoked is revoked for
/// running brokers, too. A file that nobody can read any more changes nothing: the last good grants serve, and the log says so once.
/// </summary>
/// <param name="between">For how long one look is good; default: every ask looks.</param>
internal sealed class LiveGrants(GrantFile file, BrokerLog log, TimeSpan between = default)
{
    /// <summary>
    /// Less than <c>grant revoke</c> takes to end once it has written the file, so that nobody can tell; and under load, when a look would be a tenth of what a
    /// request costs, one for many.
    /// </summary>
    public static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(1);

    private sealed record Reading(FileStamp? Stamp, Dictionary<string, Grant> Grants, bool IsStale);

    private readonly Lock _reading = new();
    private readonly long _between = (long)(between.TotalSeconds * Stopwatch.Frequency);
    private volatile Reading _last = new(null, [], IsStale: false);
    private long _looked;

    /// <summary>Whether these are older than the file, because the file cannot be used.</summary>
    public bool IsStale
    {
        get
        {
            Refresh();
            return _last.IsStale;
        }
    }

    /// <summary>Is a <see cref="FindGrant"/>.</summary>
    public Grant? Find(string name)
    {
        Refresh();
        return _last.Grants.GetValueOrDefault(name);
    }

    /// <summary>Reads them where they have changed: at the start, so that the log tells at once what is wrong with them, and the first who asks does not wait for it.</summary>
    public void Refresh()
    {
        long now = Stopwatch.GetTimestamp();
        if (now - Volatile.Read(ref _looked) < _between && (_last.Stamp is not null || _last.IsStale)) return;
        FileStamp? stamp = Look(out string? why);
        if (stamp is null || stamp != _last.Stamp) ReadAgain(stamp, why);
        // The time before the look: whoever comes within this time of it has come after what it saw. And not before that has been read: who came meanwhile would get what is revoked.
        Volatile.Write(ref _looked, now);
    }

    private void ReadAgain(FileStamp? stamp, string? why)
    {
        lock (_reading)
        {
            Reading last = _last;
            if (stamp is not null && stamp == last.Stamp) return;
            IReadOnlyList<Grant> grants = [];
            Failure? failure = null;
            // The stamp is older than what is read: a change in between shows at the next request.
            if (stamp is not null && file.TryRead(out grants, out failure))
            {
                if (last.IsStale) log.GrantsReadAgain(file.Path);
                _last = new Reading(stamp, grants.ToDictionary(grant => grant.Name, StringComparer.Ordinal), IsStale: false);
                return;
            }

            // A file that was read, and is no good, is no good until it changes. One that could not be read may be readable at the next look, and may say what has been revoked.
            FileStamp? seen = failure is { Code: GrantFile.BadFile } ? stamp : null;
            if (!last.IsStale || (seen is not null && last.Stamp != seen)) log.GrantsStale(failure?.Message ?? $"cannot read the grants: {why}");
            _last = last with { Stamp = seen, IsStale = true };
        }
    }

    private FileStamp? Look(out string? why)
    {
        why = null;
        try
        {
            return FileStamp.Of(file.Path);
        }
        catch (IOException e)
        {
            why = e.Message;
            return null;
        }
    }
}
