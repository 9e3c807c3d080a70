using System;
using System.Buffers;
using System.Globalization;
using System.Net;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace CredBroker.Broker;

/// <summary>How the broker answers: JSON and nothing else, no redirects, no errors inside a 200.</summary>
internal static class Answers
{
    /// <summary>Longer than a helper asks: what AWS refuses now it refuses in a second, too, and the user should read why at once.</summary>
    private static readonly TimeSpan RefusedRetryAfter = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(1);

    public static Task WriteAsync(HttpContext context, HttpStatusCode status, ReadOnlySpan<byte> body)
    {
        HttpResponse response = context.Response;
        response.StatusCode = (int)status;
        response.ContentType = "application/json"; // exactly: some SDKs compare it with its parameters
        response.Headers.CacheControl = "no-store";
        response.ContentLength = body.Length;
        // Not flushed here: head and body then leave in one packet when the request ends. The answer to HEAD has no body.
        if (!HttpMethods.IsHead(context.Request.Method)) response.BodyWriter.Write(body);
        return Task.CompletedTask;
    }

    public static Task WriteAsync(HttpContext context, Failure failure)
    {
        TimeSpan? retryAfter = failure.Kind switch
        {
            FailureKind.Unavailable or FailureKind.TooMany => failure.RetryAfter ?? DefaultRetryAfter,
            FailureKind.Refused => RefusedRetryAfter,
            _ => null,
        };
        IHeaderDictionary headers = context.Response.Headers;
        if (retryAfter is { } wait) headers.RetryAfter = ((int)Math.Clamp(Math.Ceiling(wait.TotalSeconds), 1, 3600)).ToString(CultureInfo.InvariantCulture);
        if (failure.Kind == FailureKind.Unauthorized) headers.WWWAuthenticate = "Bearer";
        // Where it is unclear which bytes are the request, it is unclear where the next one begins.
        if (failure.Kind == FailureKind.Malformed) headers.Connection = "close";
        return WriteAsync(context, failure.HttpStatus, CredentialJson.Write(failure));
    }
}
