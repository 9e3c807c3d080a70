using System;
using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using CredBroker.Credentials;

namespace CredBroker.Broker;

/// <summary>The bodies that leave the broker. Those of credentials are written once for each issuance, and go with it.</summary>
internal sealed class CredentialJson
{
    // By reference: two issuances are never the same.
    private readonly ConditionalWeakTable<AwsCredentials, Bodies> _written = [];

    /// <summary>credential_process JSON. Source: docs.aws.amazon.com/sdkref, "Process credential provider".</summary>
    public byte[] Process(AwsCredentials credentials, string roleArn) => Find(credentials, roleArn).Process;

    /// <summary>Container credentials, below the 10,000 bytes that the SDKs' C runtime reads. Source: docs.aws.amazon.com/sdkref, "Container credential provider".</summary>
    public byte[] Container(AwsCredentials credentials, string roleArn) => Find(credentials, roleArn).Container;

    /// <summary><c>code</c>, <c>message</c>, <c>hint</c>; and <c>Code</c>, <c>Message</c> for the SDKs that read those.</summary>
    public static byte[] Write(Failure failure) => Write(failure, static (json, failure) =>
    {
        json.WriteString("code", failure.Code);
        json.WriteString("message", failure.Message);
        if (failure.Hint is not null) json.WriteString("hint", failure.Hint);
        json.WriteString("Code", failure.Code);
        json.WriteString("Message", failure.Message);
    });

    public static byte[] Write<TState>(TState state, Action<Utf8JsonWriter, TState> properties)
    {
        ArrayBufferWriter<byte> buffer = new(2048);
        // The characters of base64 as they are: some SDKs' parsers are simple, and no browser reads this.
        using Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        properties(json, state);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private Bodies Find(AwsCredentials credentials, string roleArn)
    {
        if (_written.TryGetValue(credentials, out Bodies? bodies)) return bodies;
        bodies = new Bodies(WriteProcess(credentials), WriteContainer(credentials, roleArn));
        _written.AddOrUpdate(credentials, bodies);
        return bodies;
    }

    private static byte[] WriteProcess(AwsCredentials credentials) => Write(credentials, static (json, credentials) =>
    {
        json.WriteNumber("Version", 1);
        json.WriteString("AccessKeyId", credentials.AccessKeyId);
        json.WriteString("SecretAccessKey", credentials.SecretAccessKey);
        json.WriteString("SessionToken", credentials.SessionToken);
        json.WriteString("Expiration", Expiration(credentials));
        json.WriteString("AccountId", credentials.AccountId);
    });

    private static byte[] WriteContainer(AwsCredentials credentials, string roleArn) => Write((credentials, roleArn), static (json, both) =>
    {
        json.WriteString("AccessKeyId", both.credentials.AccessKeyId);
        json.WriteString("SecretAccessKey", both.credentials.SecretAccessKey);
        json.WriteString("Token", both.credentials.SessionToken);
        json.WriteString("Expiration", Expiration(both.credentials));
        json.WriteString("RoleArn", both.roleArn);
        json.WriteString("AccountId", both.credentials.AccountId);
    });

    private static string Expiration(AwsCredentials credentials) => credentials.Expiration.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private sealed record Bodies(byte[] Process, byte[] Container);
}
