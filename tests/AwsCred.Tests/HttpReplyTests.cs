using System;
using System.Text;

namespace AwsCred.Tests;

public class HttpReplyTests
{
    [Theory]
    [MemberData(nameof(HttpAnswers.Delimited), MemberType = typeof(HttpAnswers))]
    public void Takes_an_answer_before_the_connection_ends(string why, string bytes, int status, string body) =>
        Assert.Equal((why, Complete(status, body)), (why, Essence(Reply.Of(bytes))));

    [Theory]
    [MemberData(nameof(HttpAnswers.Delimited), MemberType = typeof(HttpAnswers))]
    public void Leaves_what_comes_after_an_answer(string why, string bytes, int status, string body) =>
        Assert.Equal((why, Complete(status, body)), (why, Essence(Reply.Of(bytes + "HTTP/1.1 500 Next\r\n\r\n", ended: true))));

    [Theory]
    [MemberData(nameof(HttpAnswers.UntilTheEnd), MemberType = typeof(HttpAnswers))]
    public void Takes_what_the_end_of_the_connection_ends(string why, string bytes, int status, string body)
    {
        Assert.Equal((why, HttpReplyState.Partial), (why, Reply.Of(bytes).State));
        Assert.Equal((why, Complete(status, body)), (why, Essence(Reply.Of(bytes, ended: true))));
    }

    [Theory]
    [MemberData(nameof(HttpAnswers.Bad), MemberType = typeof(HttpAnswers))]
    public void Says_what_is_wrong(string why, string bytes, string error)
    {
        Reply reply = Reply.Of(bytes, ended: true);

        Assert.Equal((why, HttpReplyState.Bad, error, ""), (why, reply.State, reply.Error, reply.Body));
    }

    [Theory]
    [MemberData(nameof(HttpAnswers.Delimited), MemberType = typeof(HttpAnswers))]
    public void Never_takes_an_answer_that_is_cut(string why, string bytes, int status, string body)
    {
        byte[] all = Encoding.Latin1.GetBytes(bytes);
        for (int length = 0; length < all.Length; length++)
        {
            Assert.Equal((why, length, HttpReplyState.Partial), (why, length, Reply.Of(all.AsSpan(0, length)).State));
            Assert.Equal((why, length, HttpReplyState.Bad), (why, length, Reply.Of(all.AsSpan(0, length), ended: true).State));
        }

        Assert.Equal((why, Complete(status, body)), (why, Essence(Reply.Of(all))));
    }

    [Theory]
    [MemberData(nameof(HttpAnswers.UntilTheEnd), MemberType = typeof(HttpAnswers))]
    public void Never_takes_a_header_that_is_cut(string why, string bytes, int status, string body)
    {
        byte[] all = Encoding.Latin1.GetBytes(bytes);
        for (int length = 0; length < all.Length - body.Length; length++)
            Assert.Equal((why, status, length, HttpReplyState.Bad), (why, status, length, Reply.Of(all.AsSpan(0, length), ended: true).State));
    }

    [Fact]
    public void Does_not_care_how_the_bytes_arrive()
    {
        foreach (object[] row in (object[][])[.. HttpAnswers.Delimited, .. HttpAnswers.UntilTheEnd, .. HttpAnswers.Bad])
        {
            byte[] bytes = Encoding.Latin1.GetBytes((string)row[1]);
            Reply atOnce = Reply.Of(bytes, ended: true), fed = Reply.Fed(bytes);
            // An answer that is bad at its first bytes is refused before its status is read.
            Assert.Equal((row[0], atOnce.State, atOnce.Body, atOnce.Error), (row[0], fed.State, fed.Body, fed.Error));
        }
    }

    [Fact]
    public void Keeps_the_fields_that_matter()
    {
        Reply reply = Reply.Of(
            "HTTP/1.1 503 Busy\r\nserver: x\r\nRETRY-AFTER: 2\r\ncontent-type: text/html; charset=utf-8\r\nLocation:  http://a:b/c \r\nContent-Length: 0\r\n\r\n");

        Assert.Equal((503, "2", "text/html; charset=utf-8", "http://a:b/c"), (reply.Status, reply.RetryAfter, reply.ContentType, reply.Location));
    }

    [Theory]
    [InlineData("a header of 16 KiB", 16 * 1024, "")]
    [InlineData("a header of more", 16 * 1024 + 2, "sends a header of more than 16 KiB")]
    public void Keeps_to_the_size_of_a_header(string why, int size, string error)
    {
        string start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ";
        string head = start + new string('x', size - start.Length - 4) + "\r\n\r\n";

        Assert.Equal((why, error), (why, Reply.Of(head).Error));
        Assert.Equal((why, error), (why, Reply.Fed(Encoding.Latin1.GetBytes(head)).Error));
    }

    [Fact]
    public void Does_not_wait_for_the_end_of_a_header_that_is_too_long() =>
        Assert.Equal("sends a header of more than 16 KiB", Reply.Of("HTTP/1.1 200 OK\r\nX: " + new string('x', 16 * 1024)).Error);

    [Theory]
    [InlineData("64 KiB", HttpReply.MaximumBody, HttpReplyState.Complete)]
    [InlineData("one byte more", HttpReply.MaximumBody + 1, HttpReplyState.Bad)]
    public void Keeps_to_the_size_of_a_body(string why, int size, object state)
    {
        string body = new('x', size), half = body[..(size / 2)], rest = body[(size / 2)..];
        string[] answers =
        [
            $"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n{body}",
            $"HTTP/1.1 200 OK\r\n\r\n{body}",
            $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{half.Length:x}\r\n{half}\r\n{rest.Length:x}\r\n{rest}\r\n0\r\n\r\n",
        ];
        foreach (string answer in answers)
        {
            Reply reply = Reply.Of(answer, ended: true);
            bool isTaken = reply.State == HttpReplyState.Complete;
            Assert.Equal((why, state), (why, reply.State));
            Assert.Equal((isTaken ? body : "", isTaken ? "" : "sends a body of more than 64 KiB"), (reply.Body, reply.Error));
        }
    }

    [Fact]
    public void Does_not_wait_for_a_body_that_is_too_long() =>
        Assert.Equal("sends a body of more than 64 KiB", Reply.Of("HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\n").Error);

    private static (HttpReplyState State, int Status, string Body, string Error) Essence(Reply reply) =>
        (reply.State, reply.Status, reply.Body, reply.Error);

    private static (HttpReplyState State, int Status, string Body, string Error) Complete(int status, string body) => (HttpReplyState.Complete, status, body, "");
}
