using System;
using System.Buffers;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CredBroker.Audit;

/// <summary>A line as it was read.</summary>
/// <param name="Members">All but <c>prev</c> and <c>hash</c>, in the line's order; numbers as their digits.</param>
/// <param name="IsSound">Its hash is that of its own bytes.</param>
internal sealed record AuditRecord(IReadOnlyList<KeyValuePair<string, string>> Members, long Seq, string Prev, string Hash, bool IsSound)
{
    private const int HashLength = 64, MaximumMembers = 32;

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    public static ReadOnlySpan<byte> HashMember => ",\"hash\":\""u8;

    public AuditTail Tail => new(Seq, Hash);

    /// <summary>A member's text; null: it has none of that name.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (KeyValuePair<string, string> member in Members)
            {
                if (member.Key == name) return member.Value;
            }

            return null;
        }
    }

    /// <param name="line">Without its newline.</param>
    /// <returns>Null where it is not an audit line.</returns>
    public static AuditRecord? Parse(ReadOnlySpan<byte> line)
    {
        int bodyLength = line.Length - HashMember.Length - HashLength - 2;
        if (bodyLength <= 0 || line.Length > AuditLine.MaximumLength || !line[bodyLength..].StartsWith(HashMember) || !line.EndsWith("\"}"u8)) return null;
        List<KeyValuePair<string, string>>? members = ReadMembers(line);
        if (members is null || members.Count < 4) return null;
        (string prevName, string prev) = members[^2];
        (string hashName, string hash) = members[^1];
        if (prevName != "prev" || hashName != "hash" || !IsHash(prev) || !IsHash(hash)) return null;
        members.RemoveRange(members.Count - 2, 2);
        AuditRecord record = new(members, 0, prev, hash, Convert.ToHexStringLower(SHA256.HashData(line[..bodyLength])) == hash);
        bool isWhole = record["time"] is not null && record["kind"] is not null && long.TryParse(record["seq"], out _);
        return isWhole && long.Parse(record["seq"]!, null) is > 0 and < long.MaxValue and long seq ? record with { Seq = seq } : null;
    }

    public static bool IsHash(string text) => text.Length == HashLength && !text.AsSpan().ContainsAnyExcept(Hex);

    /// <summary>The members of a flat object of texts and numbers, each name once; null for anything else.</summary>
    private static List<KeyValuePair<string, string>>? ReadMembers(ReadOnlySpan<byte> line)
    {
        List<KeyValuePair<string, string>> members = new(12);
        try
        {
            Utf8JsonReader json = new(line);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return null;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                string name = json.GetString()!;
                // Of two members of one name, readers differ on which counts.
                if (members.Count == MaximumMembers || members.Exists(member => member.Key == name) || !json.Read()) return null;
                if (json.TokenType is not (JsonTokenType.String or JsonTokenType.Number)) return null;
                members.Add(new(name, json.TokenType == JsonTokenType.String ? json.GetString()! : Encoding.UTF8.GetString(json.ValueSpan)));
            }

            return json.TokenType == JsonTokenType.EndObject && !json.Read() ? members : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // no JSON, or no UTF-8 in it
        }
    }
}
