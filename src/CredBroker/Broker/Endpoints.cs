using System;
using System.Net;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Credentials;
using CredBroker.Grants;
using CredBroker.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CredBroker.Broker;

/// <summary>Who gets credentials, and of what.</summary>
internal sealed class Endpoints(BrokerServices services) : IDisposable
{
    /// <summary>SDKs give up at 2 s, some at 1 s: better an answer that says to ask again than none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1500);

    private static readonly byte[] Healthy = [.. "{\"status\":\"ok\"}"u8];

    private static readonly Failure NoToken = new(FailureKind.Unauthorized, "Unauthorized", "the token is missing, wrong, or of a session that has ended", "Each run and each session has its own: start the command again with cred-broker run, or make a session with cred-broker session create.");

    private readonly Refusals _refusals = new(services);
    private readonly Readiness _readiness = new(services);

    public Task HandleAsync(HttpContext context)
    {
        if (RequestGuards.Find(context) is { } unsafeRequest) return _refusals.AnswerAsync(context, unsafeRequest);
        RequestTarget target = RequestTarget.Parse(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (target.Resource == Resource.None)
        {
            return _refusals.AnswerAsync(context, new Failure(FailureKind.NotFound, "NotFound", "there is nothing at this path", "Credentials are at /v1/credentials."));
        }

        // HEAD neither: it would be an issuance that nobody reads.
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET";
            return _refusals.AnswerAsync(context, new Failure(FailureKind.MethodNotAllowed, "MethodNotAllowed", "only GET is answered here"));
        }

        if (RequestGuards.Body(context.Request.Headers) is { } body) return _refusals.AnswerAsync(context, body);
        return target.Resource switch
        {
            Resource.Health => Answers.WriteAsync(context, HttpStatusCode.OK, Healthy),
            Resource.Readiness => _readiness.AnswerAsync(context),
            _ => CredentialsAsync(context, target),
        };
    }

    public void Dispose() => _refusals.Dispose();

    private Task CredentialsAsync(HttpContext context, RequestTarget target)
    {
        if (services.Sessions.Find(BearerToken.Of(context.Request)) is not { } live) return _refusals.AnswerAsync(context, NoToken);
        Session session = live.Session;
        if (!services.Sessions.MayAsk(live, out TimeSpan retryAfter))
        {
            return _refusals.AnswerAsync(context, new Failure(FailureKind.TooMany, "TooManyRequests", "this session asks too often", "Let the SDK keep what it got: it is good for an hour.", RetryAfter: retryAfter), session.Id);
        }

        string name = target.Grant ?? session.Grants[0];
        // The same for grants of others and for none at all: a session must not find out what else there is.
        if (!Contains(session, name))
        {
            return _refusals.AnswerAsync(context, new Failure(FailureKind.Forbidden, "GrantNotInSession", "this session does not have that grant", $"It has: {string.Join(", ", session.Grants)}."), session.Id);
        }

        if (services.FindGrant(name) is { } grant) return IssueAsync(context, live, grant, target.Resource);
        return _refusals.AnswerAsync(context, NoGrant(name), session.Id, name);
    }

    private async Task IssueAsync(HttpContext context, LiveSession live, Grant grant, Resource form)
    {
        ValueTask<AssumeRoleResult> asking = services.Credentials.GetAsync(live, grant, Patience, context.RequestAborted);
        bool waits = !asking.IsCompleted;
        AssumeRoleResult result = await asking;
        Session session = live.Session;
        if (waits && WhyNoMore(live, grant.Name) is { } revoked)
        {
            await _refusals.AnswerAsync(context, revoked, session.Id, grant.Name);
            return;
        }

        if (result.Credentials is not { } credentials)
        {
            Failure failure = result.Failure!;
            if (failure.Kind == FailureKind.Unavailable) failure = failure with { Hint = $"{failure.Hint} The broker tries again by itself." };
            await _refusals.AnswerAsync(context, failure, session.Id, grant.Name);
            return;
        }

        // No credentials leave without their line.
        Failure? unrecorded = await services.Audit.RecordAsync(new AuditEvent(AuditKind.CredentialsIssued, session.Id, grant.Name, grant.RoleArn, credentials.AccessKeyId, credentials.Expiration));
        if (unrecorded is not null)
        {
            await _refusals.AnswerAsync(context, unrecorded, session.Id, grant.Name);
            return;
        }

        services.Metrics.Issued(grant.Name);
        await (form == Resource.ContainerCredentials
            ? Answers.WriteAsync(context, HttpStatusCode.OK, (credentials, grant.RoleArn), static (json, issued) => CredentialJson.WriteContainer(json, issued.credentials, issued.RoleArn))
            : Answers.WriteAsync(context, HttpStatusCode.OK, credentials, static (json, credentials) => CredentialJson.WriteProcess(json, credentials)));
    }

    /// <summary>What was revoked while a request waited: whoever did that has been told that nothing more is given.</summary>
    private Failure? WhyNoMore(LiveSession live, string grant)
    {
        if (!services.Sessions.IsAlive(live)) return NoToken;
        return services.FindGrant(grant) is null ? NoGrant(grant) : null;
    }

    private static Failure NoGrant(string name) => new(FailureKind.NotFound, "GrantNotFound", $"there is no grant '{name}' any more", "On the broker's host: cred-broker grant list");

    private static bool Contains(Session session, string grant)
    {
        // By index: this is on every request's way, and the interface's enumerator is an object.
        for (int i = 0; i < session.Grants.Count; i++)
        {
            if (session.Grants[i].Equals(grant, StringComparison.Ordinal)) return true;
        }

        return false;
    }
}
