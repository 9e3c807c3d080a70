using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using CredBroker.Sessions;

namespace CredBroker.Broker;

/// <summary>What the control socket answers.</summary>
internal static class ControlJson
{
    /// <summary>A session that has just been made: the one time that its token is told.</summary>
    public static byte[] Created(Session session, SessionToken token, IReadOnlyList<string> urls) => Write(json =>
    {
        json.WriteStartObject();
        Properties(json, session);
        json.WriteString("token", token.Text);
        Strings(json, "urls", urls);
        json.WriteEndObject();
    });

    public static byte[] List(IReadOnlyList<LiveSession> sessions) => Write(json =>
    {
        json.WriteStartArray();
        foreach (LiveSession live in sessions)
        {
            json.WriteStartObject();
            Properties(json, live.Session);
            json.WriteString("lastUsed", Text(live.LastUsed));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>In the form of all the broker's errors, and with each problem by itself.</summary>
    public static byte[] Refusal(Failure failure, IReadOnlyList<string> problems) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("code", failure.Code);
        json.WriteString("message", failure.Message);
        if (failure.Hint is not null) json.WriteString("hint", failure.Hint);
        if (problems.Count > 0) Strings(json, "problems", problems);
        json.WriteString("Code", failure.Code);
        json.WriteString("Message", failure.Message);
        json.WriteEndObject();
    });

    private static void Properties(Utf8JsonWriter json, Session session)
    {
        json.WriteString("id", session.Id);
        if (session.Label is not null) json.WriteString("label", session.Label);
        Strings(json, "grants", session.Grants);
        json.WriteString("created", Text(session.Created));
        // A session of serve itself has no end of its own.
        if (session.Ends < DateTimeOffset.MaxValue) json.WriteString("ends", Text(session.Ends));
        if (session.IdleLimit is { } idle) json.WriteString("idle", DurationText.Format(idle));
    }

    private static void Strings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static byte[] Write(Action<Utf8JsonWriter> value)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) value(json);
        return [.. buffer.WrittenSpan, (byte)'\n'];
    }
}
