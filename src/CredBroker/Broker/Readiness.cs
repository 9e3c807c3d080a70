using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using CredBroker.Credentials;
using Microsoft.AspNetCore.Http;

namespace CredBroker.Broker;

/// <summary>
/// Whether the broker can do its work: the audit takes lines, the grants can be read, and no role that is in use is without credentials. Anybody may ask, without a token, so
/// it tells codes and counts: roles, sessions and accounts of others are for the log and the control socket.
/// </summary>
internal sealed class Readiness(BrokerServices services)
{
    private static readonly byte[] Ready = [.. "{\"status\":\"ready\"}"u8];

    /// <summary>It looks at every role in use: not at the pace of whoever asks.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private volatile Look? _last;

    public Task AnswerAsync(HttpContext context) => Find() is { } failure ? Answers.WriteAsync(context, failure) : Answers.WriteAsync(context, HttpStatusCode.OK, Ready);

    /// <summary>Why it is not ready; null where it is.</summary>
    public Failure? Find()
    {
        DateTimeOffset now = services.Clock.GetUtcNow();
        Look? last = _last;
        if (last is null || now - last.At >= Kept || now < last.At) _last = last = new Look(now, Search());
        return last.Found;
    }

    private Failure? Search()
    {
        List<string> why = [];
        if (!services.Audit.IsWritable) why.Add("the audit cannot be written");
        // What is revoked now would not be revoked here.
        if (services.GrantsAreStale()) why.Add("the grants cannot be read");
        IReadOnlyList<Failure> failing = services.Cache.Failing();
        if (failing.Count > 0) why.Add($"{failing.Count} of the roles in use {(failing.Count == 1 ? "has" : "have")} no credentials ({string.Join(", ", failing.Select(failure => failure.Code).Distinct().Order(StringComparer.Ordinal))})");
        return why.Count == 0 ? null : new Failure(FailureKind.Unavailable, "NotReady", string.Join(", and ", why), "The broker's log says more.", RetryAfter: TimeSpan.FromSeconds(5));
    }

    private sealed record Look(DateTimeOffset At, Failure? Found);
}
