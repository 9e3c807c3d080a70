using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace CredBroker;

/// <summary>One event of the log as one line of JSON in ASCII: time, level, event, message, and what its message names.</summary>
internal static class LogJson
{
    private const int MaximumValue = 2 * 1024;

    private const string Template = "{OriginalFormat}";

    public static string Line(DateTimeOffset time, LogLevel level, EventId eventId, string message, IReadOnlyList<KeyValuePair<string, object?>> properties)
    {
        ArrayBufferWriter<byte> buffer = new(512);
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WriteString("level", Name(level));
            json.WriteNumber("id", eventId.Id);
            json.WriteString("event", eventId.Name);
            json.WriteString("message", message);
            foreach ((string name, object? value) in properties)
            {
                if (name == Template) continue;
                // The message's {Path} as "path"; one that would stand in the way of a member above stands behind it.
                string member = JsonNamingPolicy.CamelCase.ConvertName(name);
                if (member is "time" or "level" or "id" or "event" or "message") member += "Value";
                Write(json, member, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static string Bounded(string text, int maximum) => text.Length <= maximum ? text : text[..maximum] + "…";

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        if (value is int or long) json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
        else if (value is DateTimeOffset time) json.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        else json.WriteString(name, value is null ? null : Bounded(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", MaximumValue));
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "information",
        LogLevel.Warning => "warning",
        _ => "error",
    };
}
