using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace StsSimulator;

/// <summary>One HTTP request, from the wire to the answer.</summary>
internal sealed class StsEndpoint(SigV4Verifier verifier, StsActions actions, CallLog log, Faults faults, TimeProvider clock)
{
    public async Task AnswerAsync(HttpContext context, CancellationToken stopping)
    {
        using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        ReceivedRequest request = await ReceivedRequest.ReadAsync(context, gone.Token);
        if (request.Path != "/")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (request.Method is not ("POST" or "GET"))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, POST";
            return;
        }

        QueryParameters query = QueryParameters.Of(request);
        string? action = query["Action"];
        if (action is null || (request.Method == "POST" && !context.Request.HasFormContentType))
        {
            // STS takes it for a person with a browser.
            context.Response.Redirect("https://aws.amazon.com/iam");
            return;
        }
        await AnswerActionAsync(context, request, query, action, gone.Token);
    }

    private async Task AnswerActionAsync(HttpContext context, ReceivedRequest request, QueryParameters query, string action, CancellationToken gone)
    {
        VerifiedSignature? signature = null;
        StsError? error = StsActions.Unknown(action, query["Version"]);
        if (error is null && action != StsActions.WebIdentity)
            verifier.TryVerify(request, out signature, out error);
        int call = log.Begin(new RecordedCall
        {
            Action = action,
            Parameters = query.All,
            AccessKeyId = signature?.AccessKeyId,
            CallerArn = signature?.Caller.Arn,
            Time = clock.GetUtcNow(),
        });

        StsAnswer? answer = null;
        if (signature is not null || (error is null && action == StsActions.WebIdentity))
        {
            Faults.End? fault = null;
            if (faults.Actions.Contains(action))
            {
                try
                {
                    await faults.WaitAsync(gone);
                }
                catch (OperationCanceledException)
                {
                    log.End(call, RecordedCall.Abandoned);
                    return;
                }
                fault = faults.TakeEnd();
            }
            if (fault is { Error: null })
            {
                log.End(call, RecordedCall.ConnectionDropped);
                context.Abort();
                return;
            }
            error = fault?.Error;
            if (error is null)
                (answer, error) = signature is null ? actions.AssumeRoleWithWebIdentity(query) : actions.Perform(action, query, signature);
        }

        // Before the answer, so that a test that has the answer finds the call ended.
        log.End(call, error?.Code ?? RecordedCall.Success);
        string requestId = Guid.NewGuid().ToString();
        byte[] body = answer is null ? StsXml.Error(error!, requestId) : StsXml.Answer(action, answer, requestId);
        context.Response.StatusCode = error?.Status ?? StatusCodes.Status200OK;
        context.Response.ContentType = "text/xml";
        context.Response.ContentLength = body.Length;
        context.Response.Headers["x-amzn-RequestId"] = requestId;
        await context.Response.Body.WriteAsync(body, gone);
    }
}
