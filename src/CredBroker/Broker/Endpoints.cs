using System;
using System.Globalization;
using System.Net;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Credentials;
using CredBroker.Grants;
using CredBroker.Sessions;
using Microsoft.AspNetCore.Http;

namespace CredBroker.Broker;

/// <summary>What the broker answers. Errors are never inside a 200, never redirects, never of another content type.</summary>
internal sealed class Endpoints(BrokerServices services)
{
    /// <summary>SDKs give up at 2 s, some at 1 s: better an answer that says to ask again than none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1500);

    /// <summary>Longer than a helper asks: what AWS refuses now it refuses in a second, too, and the user should read why at once.</summary>
    private static readonly TimeSpan RefusedRetryAfter = TimeSpan.FromSeconds(30);

    private const string HealthPath = "/healthz";
    private static readonly byte[] Healthy = [.. "{\"status\":\"ok\"}"u8];

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            AssumeRoleResult? result = Route(context) is Failure failure ? new AssumeRoleResult(failure)
                : context.Request.Path == HealthPath ? null
                : await CredentialsAsync(context);
            if (result is null) await WriteAsync(context, HttpStatusCode.OK, Healthy);
            else if (result.Value.Credentials is { } credentials) await WriteAsync(context, HttpStatusCode.OK, CredentialJson.Write(credentials));
            else await RefuseAsync(context, result.Value.Failure!);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to answer any more.
        }
        catch (Exception e) when (!context.Response.HasStarted && e is not BadHttpRequestException)
        {
            // A bug: the log gets it in full, the client nothing of it.
            services.Log.RequestFailed(e.ToString());
            await RefuseAsync(context, new Failure(FailureKind.Internal, "InternalError", "the broker has an internal error", "The broker's log says more; please report it."));
        }
    }

    /// <summary>Why there is nothing to answer at this path and method; null where there is.</summary>
    private static Failure? Route(HttpContext context)
    {
        if (context.Request.Path.Value is not ("/v1/credentials" or "/_aws/credentials" or HealthPath))
        {
            return new Failure(FailureKind.NotFound, "NotFound", "there is nothing at this path", "Credentials are at /v1/credentials.");
        }

        if (HttpMethods.IsGet(context.Request.Method)) return null;
        context.Response.Headers.Allow = "GET";
        return new Failure(FailureKind.MethodNotAllowed, "MethodNotAllowed", "only GET is answered here");
    }

    private async Task<AssumeRoleResult> CredentialsAsync(HttpContext context)
    {
        Failure failure;
        if (BearerToken.TryRead(context.Request, out string? token) && services.Sessions.Find(token) is Session session)
        {
            if (services.FindGrant(session.Grants[0]) is Grant grant) return await IssueAsync(context, session, grant);
            failure = new Failure(FailureKind.NotFound, "GrantNotFound", $"there is no grant '{session.Grants[0]}' any more", "On the broker's host: cred-broker grant list");
            services.Log.RequestRefused(context.Request.Path, failure.Code);
            return new AssumeRoleResult(failure);
        }

        failure = new Failure(FailureKind.Unauthorized, "Unauthorized", "the token is missing, wrong, or of a session that has ended", "Start the command again with cred-broker run.");
        services.Log.RequestRefused(context.Request.Path, failure.Code);
        return new AssumeRoleResult(failure);
    }

    private async Task<AssumeRoleResult> IssueAsync(HttpContext context, Session session, Grant grant)
    {
        AssumeRoleResult result = await services.Cache.GetAsync(RoleRequest.For(grant, session.Id), Patience, context.RequestAborted);
        if (result.Credentials is not { } credentials) return result;
        // No credentials leave without their line.
        Failure? unrecorded = await services.Audit.RecordAsync(new AuditEvent(AuditKind.CredentialsIssued, session.Id, grant.Name, grant.RoleArn, credentials.AccessKeyId, credentials.Expiration));
        if (unrecorded is not null) return new AssumeRoleResult(unrecorded);
        services.Metrics.Issued(grant.Name);
        return result;
    }

    private static Task RefuseAsync(HttpContext context, Failure failure)
    {
        TimeSpan? retryAfter = failure.Kind switch { FailureKind.Unavailable => failure.RetryAfter ?? TimeSpan.FromSeconds(1), FailureKind.Refused => RefusedRetryAfter, _ => null };
        if (retryAfter is { } wait) context.Response.Headers.RetryAfter = ((int)Math.Max(1, Math.Ceiling(wait.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
        if (failure.Kind == FailureKind.Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
        if (failure.Kind == FailureKind.Unavailable) failure = failure with { Hint = $"{failure.Hint} The broker tries again by itself." };
        return WriteAsync(context, failure.HttpStatus, CredentialJson.Write(failure));
    }

    private static Task WriteAsync(HttpContext context, HttpStatusCode status, byte[] body)
    {
        HttpResponse response = context.Response;
        response.StatusCode = (int)status;
        response.ContentType = "application/json"; // exactly: some SDKs compare it with its parameters
        response.Headers.CacheControl = "no-store";
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body).AsTask();
    }
}
