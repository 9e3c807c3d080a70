using System.Globalization;
using System.Text.Json;
using CredBroker.Credentials;

namespace CredBroker.Broker;

/// <summary>Credentials as they leave the broker. They are not kept in this form: ten thousand sessions would hold everything twice.</summary>
internal static class CredentialJson
{
    /// <summary>credential_process JSON. Source: docs.aws.amazon.com/sdkref, "Process credential provider".</summary>
    public static void WriteProcess(Utf8JsonWriter json, AwsCredentials credentials)
    {
        json.WriteStartObject();
        json.WriteNumber("Version"u8, 1);
        WriteKeys(json, credentials);
        json.WriteString("SessionToken"u8, credentials.SessionToken);
        WriteExpiration(json, credentials);
        json.WriteString("AccountId"u8, credentials.AccountId);
        json.WriteEndObject();
    }

    /// <summary>Container credentials, below the 10,000 bytes that the SDKs' C runtime reads. Source: docs.aws.amazon.com/sdkref, "Container credential provider".</summary>
    public static void WriteContainer(Utf8JsonWriter json, AwsCredentials credentials, string roleArn)
    {
        json.WriteStartObject();
        WriteKeys(json, credentials);
        json.WriteString("Token"u8, credentials.SessionToken);
        WriteExpiration(json, credentials);
        json.WriteString("RoleArn"u8, roleArn);
        json.WriteString("AccountId"u8, credentials.AccountId);
        json.WriteEndObject();
    }

    private static void WriteKeys(Utf8JsonWriter json, AwsCredentials credentials)
    {
        json.WriteString("AccessKeyId"u8, credentials.AccessKeyId);
        json.WriteString("SecretAccessKey"u8, credentials.SecretAccessKey);
    }

    private static void WriteExpiration(Utf8JsonWriter json, AwsCredentials credentials) =>
        json.WriteString("Expiration"u8, credentials.Expiration.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
}
