using System;
using System.Buffers;
using System.Globalization;
using System.Text.Json;
using CredBroker.Credentials;

namespace CredBroker.Broker;

/// <summary>The bodies that leave the broker.</summary>
internal static class CredentialJson
{
    /// <summary>credential_process JSON. Source: docs.aws.amazon.com/sdkref, "Process credential provider".</summary>
    public static byte[] Write(AwsCredentials credentials) => Write(json =>
    {
        json.WriteNumber("Version", 1);
        json.WriteString("AccessKeyId", credentials.AccessKeyId);
        json.WriteString("SecretAccessKey", credentials.SecretAccessKey);
        json.WriteString("SessionToken", credentials.SessionToken);
        json.WriteString("Expiration", credentials.Expiration.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        json.WriteString("AccountId", credentials.AccountId);
    });

    /// <summary><c>code</c>, <c>message</c>, <c>hint</c>; and <c>Code</c>, <c>Message</c> for the SDKs that read those.</summary>
    public static byte[] Write(Failure failure) => Write(json =>
    {
        json.WriteString("code", failure.Code);
        json.WriteString("message", failure.Message);
        if (failure.Hint is not null) json.WriteString("hint", failure.Hint);
        json.WriteString("Code", failure.Code);
        json.WriteString("Message", failure.Message);
    });

    private static byte[] Write(Action<Utf8JsonWriter> properties)
    {
        ArrayBufferWriter<byte> buffer = new(2048);
        // The characters of base64 as they are: some SDKs' parsers are simple, and no browser reads this.
        using Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        properties(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
