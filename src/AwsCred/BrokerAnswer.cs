using System;
using AwsCred.Native;

namespace AwsCred;

/// <summary>What a broker's answer means: credentials, or why there are none.</summary>
internal static class BrokerAnswer
{
    /// <param name="retryAfterMilliseconds">What a busy broker asks for; 0 where it does not.</param>
    public static Outcome Judge(HttpReply reply, out CredentialDocument document, out long retryAfterMilliseconds, scoped ref Problem problem)
    {
        document = default;
        retryAfterMilliseconds = 0;
        if (reply.Status == 200)
        {
            if (IsOtherThanJson(reply.ContentType))
            {
                problem.Set(ExitCode.Failed, "the broker's answer is not JSON: its content type is "u8);
                problem.Line.Append(MediaType(reply.ContentType));
                problem.Advise("Something else than a credential broker answers there; check AWS_CRED_URL."u8);
                return Outcome.Final;
            }

            return CredentialDocument.TryParse(reply.Body, Clock.UtcSeconds(), out document, ref problem) ? Outcome.Done : Outcome.Final;
        }

        if (reply.Status is 300 or 301 or 302 or 303 or 305 or 307 or 308)
        {
            problem.Set(ExitCode.Failed, "the broker answered "u8);
            problem.Line.AppendNumber(reply.Status);
            problem.Line.Append(", a redirect to "u8);
            AppendHost(reply.Location, ref problem.Line);
            problem.Line.Append(", and redirects are never followed"u8);
            problem.Advise("Set AWS_CRED_URL to the broker itself."u8);
            return Outcome.Final;
        }

        AppendRefusal(reply, ref problem);
        if (reply.Status is not (429 or 502 or 503 or 504)) return Outcome.Final;
        retryAfterMilliseconds = RetryAfterSeconds(reply.RetryAfter, Clock.UtcSeconds()) * 1000;
        return Outcome.Busy;
    }

    /// <summary>How long a <c>Retry-After</c> asks to wait, as a number or as a date; a day where it is more, 0 where it is neither.</summary>
    /// <param name="now">Seconds since 1970.</param>
    public static long RetryAfterSeconds(ReadOnlySpan<byte> value, long now)
    {
        const int most = 86_400; // far beyond what anything here waits for
        if (Timestamp.TryParseHttp(value, out long date))
        {
            long left = date - now;
            return left < 0 ? 0 : left > most ? most : left;
        }

        if (Ascii.TryParseNumber(value, most, out int seconds)) return seconds;
        for (int i = 0; i < value.Length; i++)
        {
            if (!Ascii.IsDigit(value[i])) return 0;
        }

        return value.Length == 0 ? 0 : most;
    }

    private static void AppendRefusal(in HttpReply reply, ref Problem problem)
    {
        BrokerError error = BrokerError.Parse(reply.Body);
        problem.Set(ExitCode.Failed, reply.Status == 401 ? "the broker does not accept the token (401"u8 : "the broker answered "u8);
        if (reply.Status != 401) problem.Line.AppendNumber(reply.Status);
        if (error.Code.Length > 0)
        {
            problem.Line.Append(reply.Status == 401 ? " "u8 : " ("u8);
            BrokerError.Append(error.Code, ref problem.Line);
        }

        if (reply.Status == 401 || error.Code.Length > 0) problem.Line.Append((byte)')');
        if (error.Message.Length > 0)
        {
            problem.Line.Append(": "u8);
            BrokerError.Append(error.Message, ref problem.Line);
        }

        if (error.Hint.Length > 0) BrokerError.Append(error.Hint, ref problem.Hint);
        else if (reply.Status == 401) problem.Advise("The session may have ended: start the command again with cred-broker run, or set a new AWS_CRED_TOKEN."u8);
        else problem.Advise("The broker's log says why."u8);
    }

    /// <summary>Its beginning, as far as it is one: what stands there otherwise may be anything, a document's secrets too.</summary>
    private static ReadOnlySpan<byte> MediaType(ReadOnlySpan<byte> contentType)
    {
        int end = 0;
        while (end < contentType.Length && end < 60 && (Ascii.IsNameByte(contentType[end]) || contentType[end] is (byte)'/' or (byte)'+')) end++;
        return end == 0 ? "none"u8 : contentType.Slice(0, end);
    }

    private static bool IsOtherThanJson(ReadOnlySpan<byte> contentType)
    {
        if (contentType.Length == 0) return false;
        int end = contentType.IndexOf((byte)';');
        ReadOnlySpan<byte> type = Ascii.Trim(end < 0 ? contentType : contentType.Slice(0, end));
        bool isJson = Ascii.EqualsIgnoringCase(type, "application/json"u8) || Ascii.EqualsIgnoringCase(type, "text/json"u8) ||
            Ascii.EqualsIgnoringCase(type, "text/plain"u8) || Ascii.EqualsIgnoringCase(type, "application/octet-stream"u8);
        return !isJson;
    }

    /// <summary>Only the host of a target: the rest may carry what the broker added to the query.</summary>
    private static void AppendHost(ReadOnlySpan<byte> location, ref Text text)
    {
        int slashes = location.IndexOf((byte)'/');
        bool hasHost = slashes >= 0 && slashes + 1 < location.Length && location[slashes + 1] == (byte)'/';
        if (!hasHost)
        {
            text.Append(location.Length == 0 ? "nowhere"u8 : "another path on the same host"u8);
            return;
        }

        ReadOnlySpan<byte> host = location.Slice(slashes + 2);
        int end = 0;
        while (end < host.Length && host[end] is not ((byte)'/' or (byte)'?' or (byte)'#')) end++;
        host = host.Slice(0, end);
        for (int at = host.IndexOf((byte)'@'); at >= 0; at = host.IndexOf((byte)'@')) host = host.Slice(at + 1);
        int colon = host.IndexOf((byte)':');
        bool hasOddPort = colon >= 0 && host[0] != (byte)'[' && !Ascii.TryParseNumber(host.Slice(colon + 1), 65535, out _);
        if (hasOddPort) host = host.Slice(0, colon); // user:pass/word@host would show half a password
        text.AppendUntrusted(host, 253);
    }
}
