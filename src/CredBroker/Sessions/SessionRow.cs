using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CredBroker.Grants;
using Microsoft.Data.Sqlite;

namespace CredBroker.Sessions;

/// <summary>A session as the store has it: times in milliseconds since 1970, grants with a space between.</summary>
internal static class SessionRow
{
    public const string Columns = "id, token_hash, grants, created, ends, idle_limit, last_used, label";

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

    /// <param name="known">Of the rows before: most sessions have the same grants, which are checked and kept once.</param>
    /// <exception cref="InvalidDataException">No broker has written this.</exception>
    public static LiveSession Read(SqliteDataReader row, Dictionary<string, string[]> known)
    {
        string id = row.GetString(0), names = row.GetString(2);
        byte[] hash = new byte[SessionToken.HashLength];
        bool isOurs = row.GetBytes(1, 0, null, 0, 0) == hash.Length && row.GetBytes(1, 0, hash, 0, hash.Length) == hash.Length;
        if (!known.TryGetValue(names, out string[]? grants))
        {
            grants = names.Split(' ');
            if (grants.All(name => GrantDraft.WhyNotName(name) is null)) known[names] = grants;
            else isOurs = false;
        }

        if (!isOurs || !Session.IsId(id)) throw new InvalidDataException("it has a session that no broker has made");
        TimeSpan? idle = row.IsDBNull(5) ? null : TimeSpan.FromMilliseconds(row.GetInt64(5));
        Session session = new(id, grants, Time(row.GetInt64(3)), Time(row.GetInt64(4)), idle, row.IsDBNull(7) ? null : row.GetString(7));
        return new LiveSession(session, hash, Time(row.GetInt64(6)));
    }

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
