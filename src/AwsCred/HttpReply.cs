using System;

namespace AwsCred;

internal enum HttpReplyState
{
    /// <summary>More bytes are needed.</summary>
    Partial,
    Complete,

    /// <summary>Not HTTP as brokers speak it; <see cref="HttpReply.Error"/> says why.</summary>
    Bad,
}

/// <summary>
/// One HTTP/1.x answer (RFC 9112): Content-Length, chunked or until the end of the connection; 1xx answers are skipped.
/// Pure: it looks at what has been received so far, from the start, and says whether that is enough.
/// </summary>
internal ref struct HttpReply
{
    public const int MaximumHead = 16 * 1024;
    public const int MaximumBody = 64 * 1024;

    public static ReadOnlySpan<byte> BodyTooLong => "sends a body of more than 64 KiB"u8;

    public int Status;
    public ReadOnlySpan<byte> ContentType, Location, RetryAfter, Date;

    /// <summary>Decoded; set when the state is <see cref="HttpReplyState.Complete"/>.</summary>
    public ReadOnlySpan<byte> Body;

    public ReadOnlySpan<byte> Error;

    private static ReadOnlySpan<byte> CutInBody => "closed the connection in the middle of the body"u8;

    private int _contentLength; // -1: not given
    private bool _isChunked;

    /// <param name="received">All that has come so far. Chunks are joined in place when the answer is complete.</param>
    /// <param name="ended">The broker has closed the connection.</param>
    public static HttpReplyState Parse(Span<byte> received, bool ended, out HttpReply reply)
    {
        while (true)
        {
            reply = default;
            HttpReplyState head = reply.ParseHead(received, out int length);
            if (head != HttpReplyState.Complete)
            {
                if (head == HttpReplyState.Bad || !ended) return head;
                reply.Error = received.Length == 0 ? "closed the connection without an answer"u8 : "closed the connection in the middle of the header"u8;
                return HttpReplyState.Bad;
            }

            received = received.Slice(length);
            if (reply.Status is < 100 or > 199) return reply.ParseBody(received, ended);
            if (reply.Status == 101) return reply.Bad("switches protocols, which nobody asked for"u8);
        }
    }

    private HttpReplyState ParseHead(ReadOnlySpan<byte> received, out int length)
    {
        length = 0;
        _contentLength = -1;
        ReadOnlySpan<byte> start = "HTTP/1."u8;
        int common = received.Length < start.Length ? received.Length : start.Length;
        if (!received.Slice(0, common).SequenceEqual(start.Slice(0, common))) return Bad("does not speak HTTP/1"u8);
        bool isFirst = true;
        while (true)
        {
            ReadOnlySpan<byte> rest = received.Slice(length);
            int end = rest.IndexOf((byte)'\n');
            if (length + (end < 0 ? rest.Length : end) > MaximumHead) return Bad("sends a header of more than 16 KiB"u8);
            if (end < 0) return HttpReplyState.Partial;
            length += end + 1;
            ReadOnlySpan<byte> line = rest.Slice(0, end > 0 && rest[end - 1] == (byte)'\r' ? end - 1 : end);
            if (isFirst)
            {
                if (!TryStatusLine(line)) return Bad("sends a status line that is not HTTP/1"u8);
                isFirst = false;
            }
            else if (line.Length == 0)
            {
                return HttpReplyState.Complete;
            }
            else if (!TryField(line))
            {
                return HttpReplyState.Bad;
            }
        }
    }

    /// <summary><c>HTTP/1.1 200 OK</c></summary>
    private bool TryStatusLine(ReadOnlySpan<byte> line)
    {
        if (line.Length < 12 || line[7] is not ((byte)'0' or (byte)'1') || line[8] != (byte)' ') return false;
        if (line.Length > 12 && line[12] != (byte)' ') return false;
        return Ascii.TryParseNumber(line.Slice(9, 3), 999, out Status) && Status >= 100;
    }

    private bool TryField(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0 || !Ascii.IsPrintable(line.Slice(0, colon)))
        {
            Bad("sends a header line that is not HTTP"u8);
            return false;
        }

        ReadOnlySpan<byte> name = line.Slice(0, colon), value = Ascii.Trim(line.Slice(colon + 1));
        if (Ascii.EqualsIgnoringCase(name, "Content-Type"u8)) ContentType = value;
        else if (Ascii.EqualsIgnoringCase(name, "Location"u8)) Location = value;
        else if (Ascii.EqualsIgnoringCase(name, "Retry-After"u8)) RetryAfter = value;
        else if (Ascii.EqualsIgnoringCase(name, "Date"u8)) Date = value;
        else if (Ascii.EqualsIgnoringCase(name, "Transfer-Encoding"u8)) return TryTransferEncoding(value);
        else if (Ascii.EqualsIgnoringCase(name, "Content-Encoding"u8)) return Ascii.EqualsIgnoringCase(value, "identity"u8) || Refuse("sends a compressed body, which nobody asked for"u8);
        else if (Ascii.EqualsIgnoringCase(name, "Content-Length"u8)) return TryContentLength(value);
        return true;
    }

    private bool TryTransferEncoding(ReadOnlySpan<byte> value)
    {
        if (_isChunked || !Ascii.EqualsIgnoringCase(value, "chunked"u8)) return Refuse("uses a transfer encoding other than chunked"u8);
        _isChunked = true;
        return _contentLength < 0 || Refuse("gives both a length and chunks"u8);
    }

    private bool TryContentLength(ReadOnlySpan<byte> value)
    {
        if (_isChunked) return Refuse("gives both a length and chunks"u8);
        if (!Ascii.TryParseNumber(value, int.MaxValue, out int length)) return Refuse("gives a Content-Length that is not a number"u8);
        if (_contentLength >= 0 && _contentLength != length) return Refuse("gives two lengths"u8);
        _contentLength = length;
        return true;
    }

    private HttpReplyState ParseBody(Span<byte> received, bool ended)
    {
        if (Status is 204 or 304) return HttpReplyState.Complete;
        if (_isChunked)
        {
            HttpReplyState chunks = ChunkedBody.Parse(received, out Body, out Error);
            return chunks == HttpReplyState.Partial && ended ? Bad(CutInBody) : chunks;
        }

        if (_contentLength > MaximumBody || _contentLength < 0 && received.Length > MaximumBody) return Bad(BodyTooLong);
        if (_contentLength < 0 && !ended) return HttpReplyState.Partial;
        if (_contentLength > received.Length) return ended ? Bad(CutInBody) : HttpReplyState.Partial;
        Body = _contentLength < 0 ? received : received.Slice(0, _contentLength);
        return HttpReplyState.Complete;
    }

    private bool Refuse(ReadOnlySpan<byte> why)
    {
        Bad(why);
        return false;
    }

    private HttpReplyState Bad(ReadOnlySpan<byte> why)
    {
        Error = why;
        return HttpReplyState.Bad;
    }
}
