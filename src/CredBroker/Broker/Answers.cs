using System;
using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace CredBroker.Broker;

/// <summary>How the broker answers: JSON (and the metrics' text), no redirects, no errors inside a 200.</summary>
internal static class Answers
{
    /// <summary>Longer than a helper asks: what AWS refuses now it refuses in a second, too, and the user should read why at once.</summary>
    private static readonly TimeSpan RefusedRetryAfter = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(1);

    // The characters of base64 as they are: some SDKs' parsers are simple, and no browser reads this.
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    /// <param name="contentType">Of JSON exactly this: some SDKs compare it with its parameters.</param>
    public static Task WriteAsync(HttpContext context, HttpStatusCode status, ReadOnlySpan<byte> body, string contentType = "application/json")
    {
        HttpResponse response = Begin(context, status, contentType);
        response.ContentLength = body.Length;
        response.BodyWriter.Write(body);
        // Not flushed here: head and body then leave in one packet when the request ends.
        return Task.CompletedTask;
    }

    /// <param name="value">Writes one JSON value; what it is made from comes beside it, so that a request costs no object.</param>
    /// <param name="end">What follows the value.</param>
    public static Task WriteAsync<TState>(HttpContext context, HttpStatusCode status, TState state, Action<Utf8JsonWriter, TState> value, ReadOnlySpan<byte> end = default)
    {
        HttpResponse response = Begin(context, status, "application/json");
        PipeWriter body = response.BodyWriter;
        Utf8JsonWriter json = _json ??= new Utf8JsonWriter(body, JsonOptions);
        json.Reset(body);
        value(json, state);
        response.ContentLength = json.BytesCommitted + json.BytesPending + end.Length;
        json.Flush();
        body.Write(end);
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
        return WriteAsync(context, failure.HttpStatus, failure, static (json, failure) => Write(json, failure));
    }

    /// <summary><c>code</c>, <c>message</c>, <c>hint</c>; <c>problems</c>, each by itself; and <c>Code</c>, <c>Message</c> for the SDKs that read those.</summary>
    private static void Write(Utf8JsonWriter json, Failure failure)
    {
        json.WriteStartObject();
        json.WriteString("code"u8, failure.Code);
        json.WriteString("message"u8, failure.Message);
        if (failure.Hint is not null) json.WriteString("hint"u8, failure.Hint);
        if (failure.Problems.Count > 0)
        {
            json.WriteStartArray("problems"u8);
            foreach (string problem in failure.Problems) json.WriteStringValue(problem);
            json.WriteEndArray();
        }

        json.WriteString("Code"u8, failure.Code);
        json.WriteString("Message"u8, failure.Message);
        json.WriteEndObject();
    }

    private static HttpResponse Begin(HttpContext context, HttpStatusCode status, string contentType)
    {
        HttpResponse response = context.Response;
        response.StatusCode = (int)status;
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-store";
        return response;
    }
}
