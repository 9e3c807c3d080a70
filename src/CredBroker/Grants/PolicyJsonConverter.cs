using System;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CredBroker.Grants;

/// <summary>A policy as the JSON that it is, on one line, and not as a text full of backslashes: people read the file.</summary>
internal sealed class PolicyJsonConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument policy = JsonDocument.ParseValue(ref reader);
        try
        {
            return SessionPolicy.Minify(policy.RootElement);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("a text is not valid Unicode", e);
        }
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteRawValue(value);
}
