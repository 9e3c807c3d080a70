using System;
using AwsCred.Native;

namespace AwsCred;

/// <summary>The exchange with the broker: one GET, tried again where the broker may be about to answer.</summary>
internal unsafe ref struct Fetch
{
    /// <summary>A broker that restarts is back by then; one that is down must not cost every AWS command the whole time.</summary>
    private const int UnreachableMilliseconds = 3_000;

    /// <summary>What the last attempt at a busy broker has, before the deadline.</summary>
    private const int LastAttemptMilliseconds = 500;

    private const int FirstPauseMilliseconds = 100, LongestPauseMilliseconds = 2_000, LongestUnreachablePauseMilliseconds = 500;

    /// <summary>A header and a body of the largest size, and room for the sizes of chunks.</summary>
    public const int ReceiveMemory = HttpReply.MaximumHead + HttpReply.MaximumBody + 16 * 1024;

    public BrokerUrl Url;
    public Settings Settings;
    public ReadOnlySpan<byte> Request;

    /// <summary>To keep out of what is remembered for the deadline's message.</summary>
    public ReadOnlySpan<byte> Token;

    public Span<byte> Memory;
    private long _retryAfterMilliseconds;

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
        SocketAddress* memory = stackalloc SocketAddress[Resolver.MaximumAddresses];
        Route route = new(Url, Settings, memory);
        if (!route.TryResolve(ref problem)) return Outcome.Final;
        Outcome outcome = route.TryConnect(out Connection connection, ref problem);
        if (outcome != Outcome.Done) return outcome;
        if (!route.TryStartTls(ref connection, ref problem)) return Outcome.Final;
        outcome = TryExchange(connection, Request, Memory, out HttpReply reply, ref problem);
        connection.Close();
        return outcome == Outcome.Done ? BrokerAnswer.Judge(reply, out document, out _retryAfterMilliseconds, ref problem) : outcome;
    }

    public static Outcome TryExchange(Connection connection, ReadOnlySpan<byte> request, Span<byte> memory, out HttpReply reply, scoped ref Problem problem)
    {
        reply = default;
        Deadline.Enter("sending the request"u8);
        // A broker may answer before it has read all and close: what it said counts more than that the rest could not be sent.
        bool isSent = connection.TrySend(request, out int error);
        Deadline.Enter("waiting for the broker's answer"u8);
        int length = 0;
        while (true)
        {
            int count = connection.Receive(memory.Slice(length), out int receiveError);
            if (count < 0 && receiveError == Libc.ECONNABORTED)
            {
                problem.Set(ExitCode.Failed, "the broker ended the TLS connection: "u8);
                Tls.AppendAlert(ref problem.Line);
                problem.Advise("The broker's log says why. A client's certificate, where it asks for one, the helper does not have."u8);
                return Outcome.Final;
            }

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
            HttpReplyState state = HttpReply.Parse(memory.Slice(0, length), count == 0, out reply);
            if (state == HttpReplyState.Complete) return Outcome.Done;
            if (state == HttpReplyState.Partial && length < memory.Length) continue;
            problem.Set(ExitCode.Failed, "the broker "u8, state == HttpReplyState.Partial ? "sends more than 96 KiB"u8 : reply.Error);
            problem.Advise("Check that AWS_CRED_URL names a credential broker, and nothing stands between."u8);
            return length == 0 ? Outcome.Unreachable : Outcome.Final;
        }
    }
}
