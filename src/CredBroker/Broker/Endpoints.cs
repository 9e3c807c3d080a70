using System;
using System.Globalization;
using System.Net;
using System.Threading.Tasks;
using CredBroker.Credentials;
using CredBroker.Sessions;
using Microsoft.AspNetCore.Http;

namespace CredBroker.Broker;

/// <summary>What the broker answers. Errors are never inside a 200, never redirects, never of another content type.</summary>
internal sealed class Endpoints(SessionTable sessions, RoleCredentialCache cache, BrokerLog log)
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
            log.RequestFailed(e.ToString());
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
        if (BearerToken.TryRead(context.Request, out string? token) && sessions.Find(token) is Session session)
        {
            return await cache.GetAsync(RoleRequest.For(session.Grants[0], session.Id), Patience, context.RequestAborted);
        }

        Failure failure = new(FailureKind.Unauthorized, "Unauthorized", "the token is missing, wrong, or of a session that has ended", "Start the command again with cred-broker run.");
        log.RequestRefused(context.Request.Path, failure.Code);
        return new AssumeRoleResult(failure);
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
