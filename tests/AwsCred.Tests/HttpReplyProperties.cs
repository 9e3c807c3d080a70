using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace AwsCred.Tests;

public class HttpReplyProperties
{
    private static readonly Gen<Sent> s_sent =
        from body in Any.Bytes
        from chunks in Any.Parts(body)
        from lineEnd in Gen.Elements("\r\n", "\n")
        from extension in Gen.Elements("", ";name=value", " ")
        from trailer in Gen.Elements("", "X-Trailer: yes")
        from informational in Gen.Elements("", "HTTP/1.1 103 Early Hints\r\n\r\n")
        from bytes in Gen.Elements(
            (byte[])[.. Head(informational, lineEnd, $"Content-Length: {body.Length}"), .. body],
            [.. Head(informational, lineEnd, "Transfer-Encoding: chunked"), .. Chunked(chunks, extension, trailer, lineEnd)],
            [.. Head(informational, lineEnd, "Connection: close"), .. body])
        from parts in Any.Parts(bytes)
        select new Sent(Encoding.Latin1.GetString(body), parts);

    [Fact]
    public void A_body_is_the_same_however_it_is_framed_and_however_it_arrives() => Property.Holds(s_sent, sent =>
        Assert.Equal(new Reply(HttpReplyState.Complete, 200, sent.Body, "") { ContentType = "application/json" }, Receive(sent.Parts)));

    private static readonly Gen<Sent> s_damaged =
        from sent in s_sent
        let bytes = sent.Parts.SelectMany(part => part).ToArray()
        from at in Gen.Choose(0, bytes.Length - 1)
        from value in Gen.Choose(0, 255)
        let damaged = (byte[])[.. bytes[..at], (byte)value, .. bytes[(at + 1)..]]
        from parts in Any.Parts(damaged)
        select new Sent("", parts);

    [Fact]
    public void A_damaged_answer_is_judged_the_same_however_it_arrives() => Property.Holds(s_damaged, sent =>
        Assert.Equal(Reply.Fed([.. sent.Parts.SelectMany(part => part)]), Receive(sent.Parts)));

    /// <summary>As the helper does it: part by part into one buffer, until that is enough; then the end of the connection.</summary>
    private static Reply Receive(IReadOnlyList<byte[]> parts)
    {
        byte[] received = [];
        foreach (byte[] part in parts)
        {
            received = [.. received, .. part];
            Reply reply = Reply.Of(received);
            if (reply.State != HttpReplyState.Partial) return reply;
        }

        return Reply.Of(received, ended: true);
    }

    private static byte[] Head(string informational, string lineEnd, string framing) =>
        Encoding.ASCII.GetBytes($"{informational}HTTP/1.1 200 OK{lineEnd}Content-Type: application/json{lineEnd}{framing}{lineEnd}{lineEnd}");

    private static IEnumerable<byte> Chunked(IReadOnlyList<byte[]> chunks, string extension, string trailer, string lineEnd)
    {
        IEnumerable<byte> all = chunks.SelectMany(chunk =>
            (byte[])[.. Encoding.ASCII.GetBytes(chunk.Length.ToString("x", CultureInfo.InvariantCulture) + extension + lineEnd), .. chunk, .. Encoding.ASCII.GetBytes(lineEnd)]);
        return all.Concat(Encoding.ASCII.GetBytes($"0{lineEnd}{trailer}{(trailer.Length > 0 ? lineEnd : "")}{lineEnd}"));
    }

    /// <param name="Body">In Latin-1.</param>
    /// <param name="Parts">What one receive after the other gives.</param>
    private sealed record Sent(string Body, IReadOnlyList<byte[]> Parts)
    {
        public override string ToString() => string.Join('|', Parts.Select(part => Convert.ToHexString(part)));
    }
}
