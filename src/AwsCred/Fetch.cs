using System;
using AwsCred.Native;

namespace AwsCred;

/// <summary>The exchange with the broker: one GET, tried again where the broker may be about to answer.</summary>
internal ref struct Fetch
{
    /// <summary>A broker that restarts is back by then; one that is down must not cost every AWS command the whole time.</summary>
    private const int UnreachableMilliseconds = 3_000;

    /// <summary>What the last attempt at a busy broker has, before the deadline.</summary>
    private const int LastAttemptMilliseconds = 500;

    private const int FirstPauseMilliseconds = 100, LongestPauseMilliseconds = 2_000, LongestUnreachablePauseMilliseconds = 500;

    /// <summary>A header and a body of the largest size, and room for the sizes of chunks.</summary>
    public const int ReceiveMemory = HttpReply.MaximumHead + HttpReply.MaximumBody + 16 * 1024;

    public const int RequestMemory = BrokerUrl.MaximumLength * 2 + Arguments.MaximumGrant + Settings.MaximumToken + 512;

    internal enum Outcome
    {
        Done,
        Final,

        /// <summary>Refused, or reset before an answer.</summary>
        Unreachable,

        /// <summary>429, 502, 503, 504.</summary>
        Busy,
    }

    public static ReadOnlySpan<byte> NoSocketHint => "Is the broker running, and is its socket mounted here, for this user?"u8;
    public static ReadOnlySpan<byte> NoConnectionHint => "Is the broker running, and reachable from here at the address in AWS_CRED_URL?"u8;

    public BrokerUrl Url;
    public Settings Settings;
    public ReadOnlySpan<byte> Request;

    /// <summary>To keep out of what is remembered for the deadline's message.</summary>
    public ReadOnlySpan<byte> Token;

    public Span<byte> Memory;
    private long _retryAfterMilliseconds;

    /// <param name="grant">Which of the session's grants; empty: the first.</param>
    /// <param name="scheme"><c>Bearer </c>, or nothing where the token is the whole header.</param>
    /// <param name="token">Empty: no header.</param>
    public static void AppendRequest(in BrokerUrl url, ReadOnlySpan<byte> grant, ReadOnlySpan<byte> scheme, ReadOnlySpan<byte> token, ref Text text)
    {
        text.Append("GET "u8);
        int query = url.Target.IndexOf((byte)'?');
        ReadOnlySpan<byte> path = query < 0 ? url.Target : url.Target.Slice(0, query);
        text.Append(path);
        if (grant.Length > 0 && path[path.Length - 1] != (byte)'/') text.Append((byte)'/');
        text.Append(grant);
        text.Append(url.Target.Slice(path.Length));
        text.Append(" HTTP/1.1\r\nHost: "u8);
        text.Append(url.Authority);
        text.Append("\r\nUser-Agent: aws-cred/"u8);
        text.Append(BuildFacts.Version);
        text.Append("\r\nAccept: application/json\r\nConnection: close\r\n"u8);
        if (token.Length > 0)
        {
            text.Append("Authorization: "u8);
            text.Append(scheme);
            text.Append(token);
            text.Append("\r\n"u8);
        }

        text.Append("\r\n"u8);
    }

    public bool TryRun(out CredentialDocument document, scoped ref Problem problem)
    {
        int pause = FirstPauseMilliseconds;
        while (true)
        {
            Outcome outcome = TryOnce(out document, ref problem);
            if (outcome is Outcome.Done or Outcome.Final) return outcome == Outcome.Done;
            long limit = outcome == Outcome.Unreachable ? UnreachableMilliseconds : Deadline.Seconds * 1000 - LastAttemptMilliseconds;
            long left = limit - Deadline.ElapsedMilliseconds;
            if (left <= 0 || _retryAfterMilliseconds > left) return false;
            long wait = pause > _retryAfterMilliseconds ? pause : _retryAfterMilliseconds;
            if (wait > left) wait = left; // one last time at the end of it
            problem.Line.Redact(Token);
            Deadline.RememberFailure(problem.Line.Written);
            Deadline.Enter("waiting to ask the broker again"u8);
            Clock.Sleep((int)wait);
            int longest = outcome == Outcome.Unreachable ? LongestUnreachablePauseMilliseconds : LongestPauseMilliseconds;
            pause = pause * 2 > longest ? longest : pause * 2;
        }
    }

    private Outcome TryOnce(out CredentialDocument document, scoped ref Problem problem)
    {
        document = default;
        _retryAfterMilliseconds = 0;
        Outcome opened = TryConnect(out Connection connection, ref problem);
        if (opened != Outcome.Done) return opened;
        Outcome outcome = TryExchange(connection, out HttpReply reply, ref problem);
        connection.Close();
        return outcome == Outcome.Done ? Judge(reply, out document, ref problem) : outcome;
    }

    private readonly Outcome TryConnect(out Connection connection, scoped ref Problem problem)
    {
        connection = default;
        int error;
        if (Url.Scheme == BrokerScheme.Unix)
        {
            if (Connection.TryOpenUnix(Url.SocketPath, out connection, out error, ref problem)) return Outcome.Done;
            problem.Advise(NoSocketHint);
            return error is Libc.ECONNREFUSED or Libc.ENOENT ? Outcome.Unreachable : Outcome.Final;
        }

        Span<SocketAddress> addresses = stackalloc SocketAddress[Resolver.MaximumAddresses];
        if (!Resolver.TryResolve(Url, addresses, out int count, ref problem)) return Outcome.Final;
        addresses = addresses.Slice(0, count);
        if (Url.Scheme == BrokerScheme.Http && !Settings.IsInsecureAllowed && !AreNear(addresses, ref problem)) return Outcome.Final;
        if (!Connection.TryOpen(addresses, out Connection plain, out error, ref problem))
        {
            problem.Advise(NoConnectionHint);
            return error == Libc.ECONNREFUSED ? Outcome.Unreachable : Outcome.Final;
        }

        if (Url.Scheme == BrokerScheme.Http)
        {
            connection = plain;
            return Outcome.Done;
        }

        if (plain.TryStartTls(Url, Settings, out connection, ref problem)) return Outcome.Done;
        plain.Close();
        return Outcome.Final;
    }

    /// <summary>Whether no address is a public one: there the token and the credentials would cross networks of others in the clear.</summary>
    public static bool AreNear(Span<SocketAddress> addresses, scoped ref Problem problem)
    {
        for (int i = 0; i < addresses.Length; i++)
        {
            if (addresses[i].IsNear) continue;
            problem.Set(ExitCode.Usage, "the broker's address "u8);
            addresses[i].AppendTo(ref problem.Line);
            problem.Line.Append(" is public, and plain http would send the token and the credentials in the clear"u8);
            return problem.Advise("Use https://; or, where the network is known to be private, set AWS_CRED_INSECURE=1."u8);
        }

        return true;
    }

    public readonly Outcome TryExchange(Connection connection, out HttpReply reply, scoped ref Problem problem)
    {
        reply = default;
        Deadline.Enter("sending the request"u8);
        // A broker may answer before it has read all and close: what it said counts more than that the rest could not be sent.
        bool isSent = connection.TrySend(Request, out int error);
        Deadline.Enter("waiting for the broker's answer"u8);
        int length = 0;
        while (true)
        {
            int count = connection.Receive(Memory.Slice(length), out int receiveError);
            if (count < 0)
            {
                error = isSent ? receiveError : error;
                problem.Set(ExitCode.Failed, length == 0 ? "the broker broke the connection before it answered: "u8 : "the broker broke the connection in the middle of its answer: "u8);
                Connection.AppendReason(error, ref problem.Line);
                problem.Advise("The broker's log says why; ask again once it runs."u8);
                return length == 0 ? Outcome.Unreachable : Outcome.Final;
            }

            length += count;
            if (count > 0 && length == count) Deadline.Enter("reading the broker's answer"u8);
            HttpReplyState state = HttpReply.Parse(Memory.Slice(0, length), count == 0, out reply);
            if (state == HttpReplyState.Complete) return Outcome.Done;
            if (state == HttpReplyState.Partial && length < Memory.Length) continue;
            problem.Set(ExitCode.Failed, "the broker "u8, state == HttpReplyState.Partial ? "sends more than 96 KiB"u8 : reply.Error);
            problem.Advise("Check that AWS_CRED_URL names a credential broker, and nothing stands between."u8);
            return length == 0 ? Outcome.Unreachable : Outcome.Final;
        }
    }

    public Outcome Judge(HttpReply reply, out CredentialDocument document, scoped ref Problem problem)
    {
        document = default;
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
        // The other form of Retry-After, a date, is no brokers' way; the growing pauses serve then.
        if (Ascii.TryParseNumber(reply.RetryAfter, 86_400, out int seconds)) _retryAfterMilliseconds = seconds * 1000L;
        return Outcome.Busy;
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
