using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using CredBroker.Sessions;

namespace CredBroker.Broker;

/// <summary>Sessions as the control socket tells of them.</summary>
internal static class ControlJson
{
    /// <summary>A session that has just been made: the one time that its token is told.</summary>
    public static void WriteCreated(Utf8JsonWriter json, (Session Session, SessionToken Token, IReadOnlyList<string> Urls) made)
    {
        json.WriteStartObject();
        WriteMembers(json, made.Session);
        json.WriteString("token"u8, made.Token.Text);
        WriteStrings(json, "urls", made.Urls);
        json.WriteEndObject();
    }

    public static void WriteList(Utf8JsonWriter json, IReadOnlyList<LiveSession> sessions)
    {
        json.WriteStartArray();
        foreach (LiveSession live in sessions)
        {
            json.WriteStartObject();
            WriteMembers(json, live.Session);
            json.WriteString("lastUsed"u8, Text(live.LastUsed));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteMembers(Utf8JsonWriter json, Session session)
    {
        json.WriteString("id"u8, session.Id);
        if (session.Label is not null) json.WriteString("label"u8, session.Label);
        WriteStrings(json, "grants", session.Grants);
        json.WriteString("created"u8, Text(session.Created));
        // A session of serve itself has no end of its own.
        if (session.Ends < DateTimeOffset.MaxValue) json.WriteString("ends"u8, Text(session.Ends));
        if (session.IdleLimit is { } idle) json.WriteString("idle"u8, DurationText.Format(idle));
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
