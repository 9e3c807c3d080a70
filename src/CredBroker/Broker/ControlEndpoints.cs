using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading.Tasks;
using CredBroker.Metrics;
using CredBroker.Sessions;
using Microsoft.AspNetCore.Http;

namespace CredBroker.Broker;

/// <summary>What the control socket answers: sessions are made, listed and revoked, and the metrics read.</summary>
/// <param name="urls">Where credentials are to be had, the address for a new session first.</param>
internal sealed class ControlEndpoints(BrokerServices services, SessionLifecycle lifecycle, Func<IReadOnlyList<string>> urls)
{
    public const int MaximumBody = 16 * 1024;

    private const string SessionsPath = "/v1/sessions", MetricsPath = "/metrics";

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await RouteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to answer any more.
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await RefuseAsync(context, Malformed("BodyTooLarge", $"the body is larger than {MaximumBody} bytes"), [], HttpStatusCode.RequestEntityTooLarge);
        }
        catch (Exception e) when (!context.Response.HasStarted && e is not BadHttpRequestException)
        {
            // A bug: the log gets it in full, the client nothing of it.
            services.Log.RequestFailed(e.ToString());
            await RefuseAsync(context, new Failure(FailureKind.Internal, "InternalError", "the broker has an internal error", "The broker's log says more; please report it."));
        }
    }

    private Task RouteAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "", method = context.Request.Method;
        // Against a page in a browser that something on this host lets at the socket: no client of ours sends these.
        if (context.Request.Headers.Keys.Any(name => name.Equals("Origin", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Sec-Fetch-", StringComparison.OrdinalIgnoreCase)))
        {
            return RefuseAsync(context, new Failure(FailureKind.Forbidden, "BrowserRefused", "the control socket is not for browsers", "Use cred-broker session, or curl --unix-socket."));
        }

        if (path == SessionsPath)
        {
            return HttpMethods.IsPost(method) ? CreateAsync(context)
                : HttpMethods.IsGet(method) ? WriteAsync(context, HttpStatusCode.OK, ControlJson.List(services.Sessions.Live))
                : RefuseMethodAsync(context, "GET", "POST");
        }

        if (path.StartsWith(SessionsPath + "/", StringComparison.Ordinal) && Session.IsId(path[(SessionsPath.Length + 1)..]))
        {
            return HttpMethods.IsDelete(method) ? RevokeAsync(context, path[(SessionsPath.Length + 1)..]) : RefuseMethodAsync(context, "DELETE");
        }

        if (path == MetricsPath && services.MetricsText is not null)
        {
            return HttpMethods.IsGet(method) ? WriteAsync(context, HttpStatusCode.OK, Encoding.UTF8.GetBytes(services.MetricsText()), PrometheusText.ContentType) : RefuseMethodAsync(context, "GET");
        }

        return RefuseAsync(context, new Failure(FailureKind.NotFound, "NotFound", "there is nothing at this path", $"Sessions are at {SessionsPath}, and each at {SessionsPath}/ID."));
    }

    private async Task CreateAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        SessionDraft? draft = SessionRequest.Read(body.ToArray(), out IReadOnlyList<string> problems);
        Session? session = null;
        if (draft is null || !draft.TryAccept(services.FindGrant, services.Clock, out session, out problems))
        {
            await RefuseAsync(context, Malformed("InvalidSession", string.Join("; ", problems)), problems);
            return;
        }

        SessionToken token = new();
        if (await lifecycle.BeginAsync(session!, token) is { } failure)
        {
            await RefuseAsync(context, failure);
            return;
        }

        context.Response.Headers.Location = $"{SessionsPath}/{session!.Id}";
        await WriteAsync(context, HttpStatusCode.Created, ControlJson.Created(session, token, urls()));
    }

    private async Task RevokeAsync(HttpContext context, string id)
    {
        if (await lifecycle.RevokeAsync(id) is { } failure) await RefuseAsync(context, failure);
        else context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static Failure Malformed(string code, string message) => new(FailureKind.Malformed, code, message, """For example: {"grants":["default"],"ttl":"12h"}""");

    private static Task RefuseMethodAsync(HttpContext context, params string[] allowed)
    {
        context.Response.Headers.Allow = string.Join(", ", allowed);
        return RefuseAsync(context, new Failure(FailureKind.MethodNotAllowed, "MethodNotAllowed", $"only {string.Join(" and ", allowed)} {(allowed.Length == 1 ? "is" : "are")} answered here"));
    }

    private static Task RefuseAsync(HttpContext context, Failure failure, IReadOnlyList<string>? problems = null, HttpStatusCode? status = null)
    {
        if (failure.RetryAfter is { } wait) context.Response.Headers.RetryAfter = ((int)Math.Max(1, Math.Ceiling(wait.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
        return WriteAsync(context, status ?? failure.HttpStatus, ControlJson.Refusal(failure, problems ?? []));
    }

    private static Task WriteAsync(HttpContext context, HttpStatusCode status, byte[] body, string contentType = "application/json")
    {
        HttpResponse response = context.Response;
        response.StatusCode = (int)status;
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-store";
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body).AsTask();
    }
}
