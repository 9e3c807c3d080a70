using System;

namespace AwsCred;

/// <summary>
/// The credentials in a broker's answer: credential_process JSON (Version 1, SessionToken) or container credentials (Token).
/// Source: docs.aws.amazon.com/sdkref, "Process credential provider" and "Container credential provider".
/// </summary>
internal unsafe ref struct CredentialDocument
{
    /// <summary>The SDK that takes the least takes 64,000 bytes (Java).</summary>
    public const int MaximumOutput = 60_000;

    /// <summary>Raw insides of JSON strings, all printable ASCII once decoded.</summary>
    public ReadOnlySpan<byte> AccessKeyId, SecretAccessKey, SessionToken;

    /// <summary>Twelve digits, or empty where it is not known.</summary>
    public ReadOnlySpan<byte> AccountId;

    /// <summary>Seconds since 1970, UTC.</summary>
    public long Expiration;

    public static bool TryParse(ReadOnlySpan<byte> json, long now, out CredentialDocument document, scoped ref Problem problem)
    {
        document = default;
        Fields fields = default;
        if (!fields.TryRead(json, ref problem)) return false;
        if (fields.AccessKeyId.Length == 0 && fields.Error.Length > 0)
        {
            problem.Set(ExitCode.Failed, "the broker answered 200 with an error inside: "u8);
            BrokerError.Append(fields.Error, ref problem.Line);
            return false;
        }

        if (fields.SessionToken.Length == 0)
        {
            fields.SessionToken = fields.Token;
            fields.HasVersion |= fields.Token.Length > 0; // container credentials have none
        }
        else if (fields.Token.Length > 0 && !JsonText.AreEqual(fields.Token, fields.SessionToken))
        {
            return Bad("SessionToken and Token differ"u8, default, ref problem);
        }

        if (!IsPresent(fields.AccessKeyId, "AccessKeyId"u8, ref problem) ||
            !IsPresent(fields.SecretAccessKey, "SecretAccessKey"u8, ref problem) ||
            !IsPresent(fields.SessionToken, "SessionToken"u8, ref problem) ||
            !IsPresent(fields.Expiration, "Expiration"u8, ref problem)) return false;
        if (!fields.HasVersion) return Bad("Version"u8, " is missing"u8, ref problem);
        if (fields.AccountId.Length > 0 && !IsAccountId(fields.AccountId)) return Bad("AccountId"u8, " is not a string of 12 digits"u8, ref problem);
        if (!TryTime(fields.Expiration, out document.Expiration)) return Bad("Expiration"u8, " is not a time like 2026-01-31T12:00:00Z"u8, ref problem);
        document.AccessKeyId = fields.AccessKeyId;
        document.SecretAccessKey = fields.SecretAccessKey;
        document.SessionToken = fields.SessionToken;
        document.AccountId = fields.AccountId;
        return document.Expiration > now || Expired(document.Expiration, now, ref problem);
    }

    /// <summary>Appends the canonical credential_process object and a newline.</summary>
    public readonly void AppendTo(ref Text text)
    {
        text.Append("{\"Version\":1,\"AccessKeyId\":\""u8);
        AppendString(AccessKeyId, ref text);
        text.Append("\",\"SecretAccessKey\":\""u8);
        AppendString(SecretAccessKey, ref text);
        text.Append("\",\"SessionToken\":\""u8);
        AppendString(SessionToken, ref text);
        text.Append("\",\"Expiration\":\""u8);
        Timestamp.Append(Expiration, ref text);
        if (AccountId.Length > 0)
        {
            text.Append("\",\"AccountId\":\""u8);
            text.Append(AccountId);
        }

        text.Append("\"}\n"u8);
    }

    private static void AppendString(ReadOnlySpan<byte> raw, ref Text text)
    {
        JsonStringCursor cursor = new(raw);
        while (cursor.TryNext(out byte value))
        {
            if (value is (byte)'"' or (byte)'\\') text.Append((byte)'\\');
            text.Append(value);
        }
    }

    private static bool IsPresent(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> name, ref Problem problem)
    {
        if (raw.Length == 0) return Bad(name, " is missing or empty"u8, ref problem);
        JsonStringCursor cursor = new(raw);
        while (cursor.TryNext(out byte value))
        {
            if (value is < 0x21 or > 0x7E) return Bad(name, " has a character that no credential has"u8, ref problem);
        }

        return true;
    }

    /// <summary>Decoded first: some serialisers write the plus sign of an offset as an escape.</summary>
    private static bool TryTime(ReadOnlySpan<byte> raw, out long seconds)
    {
        byte* memory = stackalloc byte[64];
        Text text = new(memory, 64);
        JsonText.Decode(raw, ref text);
        return Timestamp.TryParse(text.Written, out seconds) && !text.Overflowed;
    }

    private static bool IsAccountId(ReadOnlySpan<byte> raw)
    {
        if (raw.Length != 12) return false;
        for (int i = 0; i < raw.Length; i++)
        {
            if (!Ascii.IsDigit(raw[i])) return false;
        }

        return true;
    }

    private static bool Expired(long expiration, long now, ref Problem problem)
    {
        problem.Set(ExitCode.Failed, "the broker's credentials have expired: they ended at "u8);
        Timestamp.Append(expiration, ref problem.Line);
        problem.Line.Append(", and it is "u8);
        Timestamp.Append(now, ref problem.Line);
        problem.Line.Append(" here"u8);
        return problem.Advise("Compare the clock here with the broker's; the broker's log says why it has no newer ones."u8);
    }

    internal static bool Bad(ReadOnlySpan<byte> what, ReadOnlySpan<byte> why, ref Problem problem)
    {
        problem.Set(ExitCode.Failed, "the broker's answer is not a credential document: "u8, what, why);
        return problem.Advise("Check that AWS_CRED_URL names a credential broker, and that its version fits this helper's."u8);
    }

    /// <summary>The keys that matter, as they stand in the document; all others are skipped.</summary>
    private ref struct Fields
    {
        public ReadOnlySpan<byte> AccessKeyId, SecretAccessKey, SessionToken, Token, Expiration, AccountId, Error;
        public bool HasVersion;

        public bool TryRead(ReadOnlySpan<byte> json, ref Problem problem)
        {
            Span<JsonKey> keys = stackalloc JsonKey[JsonReader.MaximumKeys];
            JsonReader reader = new(json, keys);
            JsonToken token = reader.Read();
            if (token is not (JsonToken.ObjectStart or JsonToken.Bad)) return Bad("it is JSON, but not an object"u8, default, ref problem);
            while (token is not (JsonToken.Bad or JsonToken.End))
            {
                token = reader.Read();
                if (token != JsonToken.Name || reader.Depth != 1) continue;
                ReadOnlySpan<byte> name = json.Slice(reader.RawStart, reader.RawLength);
                token = reader.Read();
                if (token != JsonToken.Bad && !TrySet(name, token, json.Slice(reader.RawStart, reader.RawLength), ref problem)) return false;
            }

            if (token == JsonToken.End) return true;
            Bad("it is not valid JSON: "u8, reader.Error, ref problem);
            problem.Line.Append(" (at byte "u8);
            problem.Line.AppendNumber(reader.Position);
            problem.Line.Append((byte)')');
            return false;
        }

        private bool TrySet(ReadOnlySpan<byte> name, JsonToken token, ReadOnlySpan<byte> raw, ref Problem problem)
        {
            if (JsonText.AreEqual(name, "Version"u8))
            {
                HasVersion = token == JsonToken.Number && raw.SequenceEqual("1"u8);
                return HasVersion || Bad("Version"u8, " is not the number 1"u8, ref problem);
            }

            if (JsonText.AreEqual(name, "AccessKeyId"u8)) return TryString(token, raw, "AccessKeyId"u8, out AccessKeyId, ref problem);
            if (JsonText.AreEqual(name, "SecretAccessKey"u8)) return TryString(token, raw, "SecretAccessKey"u8, out SecretAccessKey, ref problem);
            if (JsonText.AreEqual(name, "SessionToken"u8)) return TryString(token, raw, "SessionToken"u8, out SessionToken, ref problem);
            if (JsonText.AreEqual(name, "Token"u8)) return TryString(token, raw, "Token"u8, out Token, ref problem);
            if (JsonText.AreEqual(name, "Expiration"u8)) return TryString(token, raw, "Expiration"u8, out Expiration, ref problem);
            if (JsonText.AreEqual(name, "AccountId"u8)) return TryString(token, raw, "AccountId"u8, out AccountId, ref problem);
            bool saysWhy = JsonText.AreEqual(name, "Message"u8) || JsonText.AreEqual(name, "message"u8) || JsonText.AreEqual(name, "error"u8);
            if (saysWhy && token == JsonToken.String) Error = raw;
            return true;
        }

        private static bool TryString(JsonToken token, ReadOnlySpan<byte> raw, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value, scoped ref Problem problem)
        {
            value = token == JsonToken.String ? raw : default;
            return token is JsonToken.String or JsonToken.Null || Bad(name, " is not a string"u8, ref problem);
        }
    }
}
