using System;

namespace AwsCred;

/// <summary>A chunked body (RFC 9112, 7.1): chunks and trailers. Pure, as <see cref="HttpReply"/> is.</summary>
internal static class ChunkedBody
{
    private static ReadOnlySpan<byte> BadSize => "sends a chunk size that is not valid"u8;

    /// <param name="received">All after the header that has come so far. Chunks are joined in place when the body is complete.</param>
    /// <param name="error">Why it is bad, where it is.</param>
    public static HttpReplyState Parse(Span<byte> received, out ReadOnlySpan<byte> body, out ReadOnlySpan<byte> error)
    {
        body = default;
        int at = 0, total = 0;
        while (true)
        {
            HttpReplyState header = ParseHeader(received.Slice(at), out int size, out int headerLength, out error);
            if (header != HttpReplyState.Complete) return header;
            at += headerLength;
            if (size == 0) break;
            total += size;
            if (total > HttpReply.MaximumBody) return Bad(HttpReply.BodyTooLong, out error);
            int next = at + size;
            if (next < received.Length && received[next] == (byte)'\r') next++;
            if (next >= received.Length) return HttpReplyState.Partial;
            if (received[next] != (byte)'\n') return Bad("sends a chunk that is longer than it says"u8, out error);
            at = next + 1;
        }

        HttpReplyState trailers = ParseTrailers(received.Slice(at), out error);
        if (trailers == HttpReplyState.Complete) body = Join(received, total);
        return trailers;
    }

    /// <summary><c>size-in-hex[;extension] CRLF</c></summary>
    private static HttpReplyState ParseHeader(ReadOnlySpan<byte> text, out int size, out int length, out ReadOnlySpan<byte> error)
    {
        size = 0;
        length = 0;
        error = default;
        int digits = 0;
        while (digits < text.Length && Ascii.IsHexDigit(text[digits]))
        {
            size = size << 4 | Ascii.HexValue(text[digits++]);
            if (digits > 7) return Bad(BadSize, out error);
        }

        int end = text.IndexOf((byte)'\n');
        if ((end < 0 ? text.Length : end) > 1024) return Bad(BadSize, out error);
        if (end < 0) return HttpReplyState.Partial;
        bool isEnded = text[digits] is (byte)'\r' or (byte)'\n' or (byte)';' or (byte)' ' or (byte)'\t';
        if (digits == 0 || !isEnded) return Bad(BadSize, out error);
        length = end + 1;
        return HttpReplyState.Complete;
    }

    private static HttpReplyState ParseTrailers(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> error)
    {
        error = default;
        int at = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = text.Slice(at);
            int end = rest.IndexOf((byte)'\n');
            if (at + (end < 0 ? rest.Length : end) > HttpReply.MaximumHead) return Bad("sends trailers of more than 16 KiB"u8, out error);
            if (end < 0) return HttpReplyState.Partial;
            if (end == 0 || end == 1 && rest[0] == (byte)'\r') return HttpReplyState.Complete;
            at += end + 1;
        }
    }

    private static Span<byte> Join(Span<byte> received, int total)
    {
        int from = 0, to = 0;
        while (to < total)
        {
            ParseHeader(received.Slice(from), out int size, out int headerLength, out _);
            from += headerLength;
            received.Slice(from, size).CopyTo(received.Slice(to));
            to += size;
            from += size;
            while (received[from++] != (byte)'\n') { }
        }

        return received.Slice(0, total);
    }

    private static HttpReplyState Bad(ReadOnlySpan<byte> why, out ReadOnlySpan<byte> error)
    {
        error = why;
        return HttpReplyState.Bad;
    }
}
