using System;
using System.Buffers;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CredBroker.Audit;

/// <summary>
/// The bytes of one line: a JSON object in ASCII whose last two members are <c>prev</c>, the hash of the line before (64 zeros in the first),
/// and <c>hash</c>: the SHA-256 of this line's own bytes up to, and without, <c>,"hash":"</c>. So the hash covers <c>prev</c>, and through it all that went before.
/// </summary>
internal static class AuditLine
{
    /// <summary>Nothing that is written comes near; longer lines are not ours.</summary>
    public const int MaximumLength = 32 * 1024;

    private const int MaximumText = 64, MaximumGrants = 1024, MaximumRole = 2048, MaximumPath = 256, MaximumSegment = 32;

    /// <summary>Adds a line with its newline to <paramref name="buffer"/>.</summary>
    /// <returns>Where the chain stands with it.</returns>
    public static AuditTail Write(ArrayBufferWriter<byte> buffer, Utf8JsonWriter json, AuditEvent entry, DateTimeOffset time, AuditTail before)
    {
        int start = buffer.WrittenCount;
        long seq = before.Seq + 1;
        json.Reset(buffer);
        json.WriteStartObject();
        WriteTime(json, "time"u8, time, "yyyy-MM-ddTHH:mm:ss.fffZ");
        json.WriteNumber("seq"u8, seq);
        json.WriteString("kind"u8, entry.Kind.Name());
        WriteText(json, "session"u8, entry.Session, MaximumText);
        WriteText(json, "grant"u8, entry.Grant, MaximumGrants);
        WriteText(json, "role"u8, entry.RoleArn, MaximumRole);
        WriteText(json, "accessKeyId"u8, entry.AccessKeyId, MaximumText);
        if (entry.Expiration is { } expiration) WriteTime(json, "expiration"u8, expiration, "yyyy-MM-ddTHH:mm:ssZ");
        WriteText(json, "code"u8, entry.Code, MaximumText);
        WriteText(json, "path"u8, entry.Path is null ? null : Path(entry.Path), MaximumPath);
        if (entry.Count is { } count) json.WriteNumber("count"u8, count);
        WriteText(json, "cut"u8, entry.CutHash, MaximumText);
        json.WriteString("prev"u8, before.Hash);
        json.Flush();
        string hash = Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan[start..]));
        buffer.Write(AuditRecord.HashMember);
        Encoding.ASCII.GetBytes(hash, buffer);
        buffer.Write("\"}\n"u8);
        return new AuditTail(seq, hash);
    }

    /// <summary>A path as it may be kept. Against a token or a key that somebody has put into a path: what is longer than any word of ours is left out.</summary>
    public static string Path(string path)
    {
        if (path.Length > MaximumPath) path = path[..MaximumPath];
        return string.Join('/', path.Split('/').Select(segment => segment.Length > MaximumSegment ? "(long)" : segment));
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text, int maximum)
    {
        if (text is not null) json.WriteString(name, text.AsSpan(0, Math.Min(text.Length, maximum)));
    }

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset time, string format)
    {
        Span<byte> text = stackalloc byte[24];
        time.UtcDateTime.TryFormat(text, out int length, format, CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }
}
