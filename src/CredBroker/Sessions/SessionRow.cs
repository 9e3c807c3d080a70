using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using CredBroker.Grants;
using Microsoft.Data.Sqlite;

namespace CredBroker.Sessions;

/// <summary>A session as the store has it: times in milliseconds since 1970, grants with a space between.</summary>
internal static class SessionRow
{
    public const string Columns = "id, token_hash, grants, created, ends, idle_limit, last_used, label";

    /// <summary>All sessions as one document: an array with one array for each, in the order of the columns.</summary>
    public const string SelectAll = "SELECT CAST(json_group_array(json_array(id, hex(token_hash), grants, created, ends, idle_limit, last_used, label)) AS BLOB) FROM sessions";

    public static void Bind(SqliteParameterCollection parameters, LiveSession live)
    {
        Session session = live.Session;
        parameters["$id"].Value = session.Id;
        parameters["$token_hash"].Value = live.TokenHash;
        parameters["$grants"].Value = string.Join(' ', session.Grants);
        parameters["$created"].Value = session.Created.ToUnixTimeMilliseconds();
        parameters["$ends"].Value = session.Ends.ToUnixTimeMilliseconds();
        parameters["$idle_limit"].Value = session.IdleLimit is { } idle ? (long)idle.TotalMilliseconds : DBNull.Value;
        parameters["$last_used"].Value = live.LastUsed.ToUnixTimeMilliseconds();
        parameters["$label"].Value = (object?)session.Label ?? DBNull.Value;
    }

    /// <summary>
    /// Reads the answer of <see cref="SelectAll"/>. As one document, since to ask for each column of each row is a call into SQLite and back: with thousands
    /// of sessions most of the time that a broker starts.
    /// </summary>
    /// <exception cref="InvalidDataException">No broker has written this.</exception>
    public static List<LiveSession> ReadAll(ReadOnlySpan<byte> json)
    {
        List<LiveSession> sessions = [];
        // Most sessions have the same grants, which are checked and kept once.
        Dictionary<string, string[]> known = new(StringComparer.Ordinal);
        Utf8JsonReader reader = new(json);
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.StartArray) sessions.Add(Read(ref reader, known));
            return sessions;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            throw NotOurs();
        }
    }

    private static LiveSession Read(ref Utf8JsonReader row, Dictionary<string, string[]> known)
    {
        string id = Text(ref row)!;
        byte[] hash = Hex(ref row);
        string names = Text(ref row)!;
        if (!known.TryGetValue(names, out string[]? grants))
        {
            grants = names.Split(' ');
            if (!grants.All(name => GrantDraft.WhyNotName(name) is null)) throw NotOurs();
            known[names] = grants;
        }

        if (!Session.IsId(id)) throw NotOurs();
        DateTimeOffset created = Time(Number(ref row)!.Value), ends = Time(Number(ref row)!.Value);
        TimeSpan? idle = Number(ref row) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
        DateTimeOffset lastUsed = Time(Number(ref row)!.Value);
        string? label = Text(ref row);
        row.Read();
        return new LiveSession(new Session(id, grants, created, ends, idle, label), hash, lastUsed);
    }

    /// <exception cref="InvalidDataException">It is not the hash of a token.</exception>
    private static byte[] Hex(ref Utf8JsonReader row)
    {
        row.Read();
        byte[] hash = new byte[SessionToken.HashLength];
        bool isHash = row.TokenType == JsonTokenType.String && row.ValueSpan.Length == 2 * hash.Length && Convert.FromHexString(row.ValueSpan, hash, out _, out _) == OperationStatus.Done;
        return isHash ? hash : throw NotOurs();
    }

    private static string? Text(ref Utf8JsonReader row)
    {
        row.Read();
        return row.GetString();
    }

    private static long? Number(ref Utf8JsonReader row)
    {
        row.Read();
        return row.TokenType == JsonTokenType.Null ? null : row.GetInt64();
    }

    private static InvalidDataException NotOurs() => new("it has a session that no broker has made");

    private static DateTimeOffset Time(long milliseconds)
    {
        try
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new InvalidDataException("it has a time that no broker has written");
        }
    }
}
