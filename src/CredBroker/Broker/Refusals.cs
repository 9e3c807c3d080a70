using System;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CredBroker.Broker;

/// <summary>Says no, and keeps a record of it: a number for each, a line in log and audit for all that come at a bearable rate.</summary>
internal sealed class Refusals : IDisposable
{
    private const int StrangersPerSecond = 20, StrangersAtOnce = 100;

    private readonly BrokerServices _services;

    /// <summary>
    /// Against guessing tokens, and against filling the log and the audit without having one: whoever has no session shares these. Who has one
    /// is never counted here, so nobody is locked out by what others do.
    /// </summary>
    private readonly RequestRate _strangers = new();

    /// <summary>A session in a loop would fill the log, as it would the audit.</summary>
    private readonly RefusalFold _logged;

    public Refusals(BrokerServices services)
    {
        _services = services;
        _logged = new RefusalFold(services.Clock, Log);
    }

    /// <param name="session">The session's id; null where there is none, or it is not known yet.</param>
    /// <param name="grant">The name of one of the session's grants.</param>
    public Task AnswerAsync(HttpContext context, Failure failure, string? session = null, string? grant = null)
    {
        if (session is null && !_strangers.TryTake(_services.Clock.GetUtcNow(), StrangersPerSecond, StrangersAtOnce, out TimeSpan retryAfter))
        {
            failure = new Failure(FailureKind.TooMany, "TooManyBadRequests", "too many requests without a good token, and this is one of them", "Check the token: each new run or session has its own.", RetryAfter: retryAfter);
        }
        else
        {
            string path = RequestTarget.Shown(context.Features.Get<IHttpRequestFeature>()!.RawTarget);
            AuditEvent refusal = new(AuditKind.RequestRefused, session, grant, Code: failure.Code, Path: path);
            _logged.Add(refusal);
            Record(refusal);
        }

        _services.Metrics.Refused(failure.Code);
        return Answers.WriteAsync(context, failure);
    }

    public void Dispose()
    {
        _logged.Flush();
        _logged.Dispose();
    }

    private void Log(AuditEvent refusal)
    {
        if (refusal.Count is { } count) _services.Log.RequestsRefused(count, refusal.Path!, refusal.Code!);
        else _services.Log.RequestRefused(refusal.Path!, refusal.Code!);
    }

    /// <summary>Not waited for: a disk that is slow or full must not delay or fail a refusal.</summary>
    private void Record(AuditEvent refusal)
    {
        ValueTask<Failure?> recording = _services.Audit.RecordAsync(refusal);
        if (!recording.IsCompletedSuccessfully) _ = recording.AsTask();
    }
}
