using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading.Tasks;
using CredBroker.Credentials;
using CredBroker.Grants;
using CredBroker.Metrics;
using CredBroker.Sessions;
using Microsoft.AspNetCore.Http;

namespace CredBroker.Broker;

/// <summary>What the control socket answers: sessions are made, listed and revoked, and the metrics read.</summary>
/// <param name="urls">Where credentials are to be had, the address for a new session first.</param>
internal sealed class ControlEndpoints(BrokerServices services, SessionLifecycle lifecycle, IReadOnlyList<string> urls)
{
    public const int MaximumBody = 16 * 1024;

    private const string SessionsPath = "/v1/sessions", MetricsPath = "/metrics";

    public Task HandleAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "", method = context.Request.Method;
        if (RequestGuards.Sender(context.Request.Headers) is { } foreign) return Answers.WriteAsync(context, foreign);
        if (path == SessionsPath)
        {
            return HttpMethods.IsPost(method) ? CreateAsync(context)
                : HttpMethods.IsGet(method) ? Answers.WriteAsync(context, HttpStatusCode.OK, services.Sessions.Live, ControlJson.WriteList, "\n"u8)
                : RefuseMethodAsync(context, "GET", "POST");
        }

        if (path.StartsWith(SessionsPath + "/", StringComparison.Ordinal) && Session.IsId(path[(SessionsPath.Length + 1)..]))
        {
            return HttpMethods.IsDelete(method) ? RevokeAsync(context, path[(SessionsPath.Length + 1)..]) : RefuseMethodAsync(context, "DELETE");
        }

        if (path == MetricsPath && services.MetricsText is not null)
        {
            return HttpMethods.IsGet(method) ? Answers.WriteAsync(context, HttpStatusCode.OK, Encoding.UTF8.GetBytes(services.MetricsText()), PrometheusText.ContentType) : RefuseMethodAsync(context, "GET");
        }

        return Answers.WriteAsync(context, new Failure(FailureKind.NotFound, "NotFound", "there is nothing at this path", $"Sessions are at {SessionsPath}, and each at {SessionsPath}/ID."));
    }

    private async Task CreateAsync(HttpContext context)
    {
        using MemoryStream body = new();
        try
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await Answers.WriteAsync(context, new Failure(FailureKind.TooLarge, "BodyTooLarge", $"the body is larger than {MaximumBody} bytes"));
            return;
        }

        SessionDraft? draft = SessionRequest.Read(body.ToArray(), out IReadOnlyList<string> problems);
        Session? session = null;
        if (draft is null || !draft.TryAccept(services.FindGrant, services.Clock, out session, out problems) || (problems = Unproven(session!)).Count > 0)
        {
            await Answers.WriteAsync(context, new Failure(FailureKind.Invalid, "InvalidSession", string.Join("; ", problems), """For example: {"grants":["default"],"ttl":"12h"}""") { Problems = problems });
            return;
        }

        SessionToken token = new();
        if (await lifecycle.BeginAsync(new LiveSession(session!, token)) is { } failure)
        {
            await Answers.WriteAsync(context, failure);
            return;
        }

        context.Response.Headers.Location = $"{SessionsPath}/{session!.Id}";
        await Answers.WriteAsync(context, HttpStatusCode.Created, (session, token, urls), ControlJson.WriteCreated, "\n"u8);
    }

    /// <summary>A session whose every request would be refused is better not begun.</summary>
    private List<string> Unproven(Session session) =>
    [
        .. session.Grants
            .Where(name => services.FindGrant(name) is { MfaSerial: not null } grant && services.WhyNotLoggedIn(RoleRequest.For(grant, session.Id)) is not null)
            .Select(name => $"grants: '{name}' asks for a code of an MFA device, and this broker has no MFA session for it: start it on a terminal, with serve --grant aws={name}"),
    ];

    private async Task RevokeAsync(HttpContext context, string id)
    {
        if (await lifecycle.RevokeAsync(id) is { } failure) await Answers.WriteAsync(context, failure);
        else context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static Task RefuseMethodAsync(HttpContext context, params string[] allowed)
    {
        context.Response.Headers.Allow = string.Join(", ", allowed);
        return Answers.WriteAsync(context, new Failure(FailureKind.MethodNotAllowed, "MethodNotAllowed", $"only {string.Join(" and ", allowed)} {(allowed.Length == 1 ? "is" : "are")} answered here"));
    }
}
