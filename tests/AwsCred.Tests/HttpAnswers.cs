namespace AwsCred.Tests;

/// <summary>Answers as brokers, proxies and other things send them: the first column says what a row proves.</summary>
public static class HttpAnswers
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";
    private const string Chunked = Ok + "Transfer-Encoding: chunked\r\n\r\n";
    private const string MiddleOfBody = "closed the connection in the middle of the body";

    /// <summary>Answers that say where they end: why, bytes, status, body.</summary>
    public static TheoryData<string, string, int, string> Delimited { get; } = new()
    {
        { "Content-Length", Ok + "Content-Length: 4\r\n\r\nbody", 200, "body" },
        { "a length of nothing", Ok + "Content-Length: 0\r\n\r\n", 200, "" },
        { "the same length twice", Ok + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nbody", 200, "body" },
        { "names in any case, values with blanks", Ok + "content-LENGTH: \t 4 \t\r\n\r\nbody", 200, "body" },
        { "lines that end in LF alone", "HTTP/1.1 200 OK\nContent-Length: 4\n\nbody", 200, "body" },
        { "HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nbody", 200, "body" },
        { "no reason", "HTTP/1.1 200\r\nContent-Length: 4\r\n\r\nbody", 200, "body" },
        { "an empty reason", "HTTP/1.1 404 \r\nContent-Length: 4\r\n\r\nbody", 404, "body" },
        { "a body of any bytes", Ok + "Content-Length: 4\r\n\r\n\0\r\n\u00FF", 200, "\0\r\n\u00FF" },
        { "not compressed", Ok + "Content-Encoding: identity\r\nContent-Length: 4\r\n\r\nbody", 200, "body" },
        { "204 has no body", "HTTP/1.1 204 No Content\r\n\r\n", 204, "" },
        { "304 has no body, whatever its length says", "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n", 304, "" },
        { "100 goes before", "HTTP/1.1 100 Continue\r\n\r\n" + Ok + "Content-Length: 4\r\n\r\nbody", 200, "body" },
        { "more than one goes before", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + Ok + "Content-Length: 4\r\n\r\nbody", 200, "body" },
        { "what went before is forgotten", "HTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\n\r\n" + Ok + "Content-Length: 4\r\n\r\nbody", 200, "body" },
        { "chunks", Chunked + "2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n", 200, "body" },
        { "one chunk after 100", "HTTP/1.1 100 Continue\r\n\r\n" + Chunked + "4\r\nbody\r\n0\r\n\r\n", 200, "body" },
        { "no chunks", Chunked + "0\r\n\r\n", 200, "" },
        { "many chunks", Chunked + "1\r\nb\r\n1\r\no\r\n1\r\nd\r\n1\r\ny\r\n0\r\n\r\n", 200, "body" },
        { "chunks with extensions", Chunked + "4;name=value\r\nbody\r\n0;last\r\n\r\n", 200, "body" },
        { "a blank after a size", Chunked + "4 \r\nbody\r\n0\r\n\r\n", 200, "body" },
        { "trailers", Chunked + "4\r\nbody\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n", 200, "body" },
        { "chunks that end in LF alone", Chunked + "4\nbody\n0\n\n", 200, "body" },
        { "sizes in hex of either case, zeros before", Chunked + "00a\r\n0123456789\r\nB\r\nabcdefghijk\r\n0\r\n\r\n", 200, "0123456789abcdefghijk" },
        { "line ends in a chunk", Chunked + "4\r\n\r\n\r\n\r\n0\r\n\r\n", 200, "\r\n\r\n" },
        { "chunked in any case", Ok + "transfer-encoding: CHUNKED\r\n\r\n4\r\nbody\r\n0\r\n\r\n", 200, "body" },
        { "the extension of a chunk as long as may be", Chunked + "4;" + new string('x', 1021) + "\r\nbody\r\n0\r\n\r\n", 200, "body" },
    };

    /// <summary>Answers that the end of the connection ends: why, bytes, status, body.</summary>
    public static TheoryData<string, string, int, string> UntilTheEnd { get; } = new()
    {
        { "no length", Ok + "\r\nbody", 200, "body" },
        { "no body", "HTTP/1.0 500 Oops\r\n\r\n", 500, "" },
        { "after 100", "HTTP/1.1 100 Continue\r\n\r\n" + Ok + "Connection: close\r\n\r\nbody", 200, "body" },
    };

    /// <summary>Why, bytes, the error.</summary>
    public static TheoryData<string, string, string> Bad { get; } = new()
    {
        { "nothing", "", "closed the connection without an answer" },
        { "the start of a status line", "HTTP/1.1 20", "closed the connection in the middle of the header" },
        { "a header without its end", Ok + "Content-Length: 4\r\n", "closed the connection in the middle of the header" },
        { "SSH", "SSH-2.0-OpenSSH_9.2\r\n", "does not speak HTTP/1" },
        { "TLS", "\u0015\u0003\u0003\0\u0002\u0002\u0046", "does not speak HTTP/1" },
        { "HTTP/2", "HTTP/2 200\r\n\r\n", "does not speak HTTP/1" },
        { "text alone", "{}", "does not speak HTTP/1" },
        { "an empty line first", "\r\n" + Ok + "Content-Length: 0\r\n\r\n", "does not speak HTTP/1" },
        { "HTTP/1.2", "HTTP/1.2 200 OK\r\n\r\n", "sends a status line that is not HTTP/1" },
        { "a status of two digits", "HTTP/1.1 99 X\r\n\r\n", "sends a status line that is not HTTP/1" },
        { "a status of four digits", "HTTP/1.1 2000\r\n\r\n", "sends a status line that is not HTTP/1" },
        { "a status below 100", "HTTP/1.1 099 X\r\n\r\n", "sends a status line that is not HTTP/1" },
        { "a status of letters", "HTTP/1.1 OK!\r\n\r\n", "sends a status line that is not HTTP/1" },
        { "no status", "HTTP/1.1\r\n\r\n", "sends a status line that is not HTTP/1" },
        { "101", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "switches protocols, which nobody asked for" },
        { "a line without a colon", Ok + "Content-Length 4\r\n\r\n", "sends a header line that is not HTTP" },
        { "a name with a blank", Ok + "Content-Length : 4\r\n\r\n", "sends a header line that is not HTTP" },
        { "a folded line", Ok + "X-A: b\r\n  c: d\r\n\r\n", "sends a header line that is not HTTP" },
        { "no name", Ok + ": 4\r\n\r\n", "sends a header line that is not HTTP" },
        { "an empty length", Ok + "Content-Length:\r\n\r\n", "gives a Content-Length that is not a number" },
        { "a signed length", Ok + "Content-Length: +4\r\n\r\nbody", "gives a Content-Length that is not a number" },
        { "a negative length", Ok + "Content-Length: -1\r\n\r\nbody", "gives a Content-Length that is not a number" },
        { "a list of lengths", Ok + "Content-Length: 4, 4\r\n\r\nbody", "gives a Content-Length that is not a number" },
        { "a length beyond 32 bits", Ok + "Content-Length: 4294967300\r\n\r\nbody", "gives a Content-Length that is not a number" },
        { "two lengths", Ok + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nbody", "gives two lengths" },
        { "a length, then chunks", Ok + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n", "gives both a length and chunks" },
        { "chunks, then a length", Ok + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n", "gives both a length and chunks" },
        { "gzip, then chunks", Ok + "Transfer-Encoding: gzip, chunked\r\n\r\n", "uses a transfer encoding other than chunked" },
        { "chunked twice", Ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "uses a transfer encoding other than chunked" },
        { "a compressed body", Ok + "Content-Encoding: gzip\r\n\r\n", "sends a compressed body, which nobody asked for" },
        { "a body that is short", Ok + "Content-Length: 5\r\n\r\nbody", MiddleOfBody },
        { "a chunk without a size", Chunked + "\r\nbody\r\n0\r\n\r\n", "sends a chunk size that is not valid" },
        { "a size that is not hex", Chunked + "0x4\r\nbody\r\n0\r\n\r\n", "sends a chunk size that is not valid" },
        { "a negative size", Chunked + "-4\r\nbody\r\n0\r\n\r\n", "sends a chunk size that is not valid" },
        { "a size beyond 32 bits", Chunked + "100000004\r\nbody\r\n0\r\n\r\n", "sends a chunk size that is not valid" },
        { "a chunk that is longer than it says", Chunked + "3\r\nbody\r\n0\r\n\r\n", "sends a chunk that is longer than it says" },
        { "a chunk that is shorter than it says", Chunked + "6\r\nbody\r\n0\r\n\r\n", "sends a chunk that is longer than it says" },
        { "no last chunk", Chunked + "4\r\nbody\r\n", MiddleOfBody },
        { "no end of the last chunk", Chunked + "4\r\nbody\r\n0\r\n", MiddleOfBody },
        { "trailers without their end", Chunked + "4\r\nbody\r\n0\r\nX-Sum: 1\r\n", MiddleOfBody },
        { "an extension that does not end", Chunked + "4;" + new string('x', 1100), "sends a chunk size that is not valid" },
        { "too long an extension", Chunked + "4;" + new string('x', 1022) + "\r\nbody\r\n0\r\n\r\n", "sends a chunk size that is not valid" },
        { "too many trailers", Chunked + "0\r\nX: " + new string('x', 17_000) + "\r\n\r\n", "sends trailers of more than 16 KiB" },
    };
}
