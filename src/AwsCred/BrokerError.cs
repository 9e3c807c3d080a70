using System;

namespace AwsCred;

/// <summary>The JSON of a broker that says no: <c>code</c>, <c>message</c>, <c>hint</c>. Anything else reads as nothing said.</summary>
internal ref struct BrokerError
{
    /// <summary>Raw insides of JSON strings.</summary>
    public ReadOnlySpan<byte> Code, Message, Hint;

    public static BrokerError Parse(ReadOnlySpan<byte> json)
    {
        Span<JsonKey> keys = stackalloc JsonKey[JsonReader.MaximumKeys];
        JsonReader reader = new(json, keys);
        BrokerError error = default;
        JsonToken token;
        while ((token = reader.Read()) is not (JsonToken.Bad or JsonToken.End))
        {
            if (token != JsonToken.Name || reader.Depth != 1) continue;
            ReadOnlySpan<byte> name = json.Slice(reader.RawStart, reader.RawLength);
            if (reader.Read() != JsonToken.String) continue;
            ReadOnlySpan<byte> value = json.Slice(reader.RawStart, reader.RawLength);
            if (JsonText.AreEqual(name, "code"u8)) error.Code = value;
            else if (JsonText.AreEqual(name, "message"u8)) error.Message = value;
            else if (JsonText.AreEqual(name, "hint"u8)) error.Hint = value;
        }

        return token == JsonToken.End ? error : default;
    }

    /// <summary>Appends what a broker said, decoded, and so that no terminal acts on it.</summary>
    public static unsafe void Append(ReadOnlySpan<byte> raw, ref Text text)
    {
        byte* memory = stackalloc byte[601];
        Text decoded = new(memory, 601);
        JsonText.Decode(raw, ref decoded);
        text.AppendUntrusted(decoded.Written, 600);
    }
}
