using System;
using System.Text;

namespace AwsCred.Tests;

/// <summary>What <see cref="HttpReply.Parse"/> made of bytes.</summary>
internal sealed record Reply(HttpReplyState State, int Status, string Body, string Error)
{
    public string ContentType { get; init; } = "";

    public string Location { get; private init; } = "";

    public string RetryAfter { get; private init; } = "";

    /// <param name="received">Stays as it is, though the parser joins chunks in place.</param>
    public static Reply Of(ReadOnlySpan<byte> received, bool ended = false) => Parse(received.ToArray(), ended);

    public static Reply Of(string received, bool ended = false) => Parse(Encoding.Latin1.GetBytes(received), ended);

    /// <summary>As the helper does it: byte by byte into one buffer, until that is enough; then the end of the connection.</summary>
    public static Reply Fed(byte[] bytes)
    {
        byte[] received = [.. bytes];
        for (int length = 1; length <= bytes.Length; length++)
        {
            Reply reply = Parse(received.AsSpan(0, length), false);
            if (reply.State != HttpReplyState.Partial) return reply;
        }

        return Parse(received, true);
    }

    private static Reply Parse(Span<byte> received, bool ended)
    {
        HttpReplyState state = HttpReply.Parse(received, ended, out HttpReply reply);
        return new Reply(state, reply.Status, Text(reply.Body), Text(reply.Error))
        {
            ContentType = Text(reply.ContentType),
            Location = Text(reply.Location),
            RetryAfter = Text(reply.RetryAfter),
        };
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
