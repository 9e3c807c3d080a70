using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CredBroker.Grants;

/// <summary>What a session may do at most, as text that is sent as it stands. Source: IAM JSON policy reference; STS API reference, AssumeRole, Policy.</summary>
internal static class SessionPolicy
{
    /// <summary>Of the inline policy and the ARNs of managed ones together. AWS packs them and may find them too large sooner.</summary>
    public const int MostCharacters = 2048;

    private static readonly JsonWriterOptions Minified = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="minified">The policy without the white space between its words.</param>
    /// <param name="problems">All that is wrong, as what follows "the policy ".</param>
    public static bool TryParse(string text, out string minified, out IReadOnlyList<string> problems)
    {
        minified = "";
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 32 });
            problems = [.. PolicyShape.Problems(document.RootElement)];
            minified = Minify(document.RootElement);
        }
        catch (JsonException e)
        {
            problems = [string.Create(CultureInfo.InvariantCulture, $"is not valid JSON: see line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}")];
        }
        catch (InvalidOperationException)
        {
            // JSON may write half of a surrogate pair, and no text can hold it.
            problems = ["has a text that is not valid Unicode"];
        }

        return problems.Count == 0;
    }

    public static string Build(params IReadOnlyList<PolicyStatement> statements) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("Version", "2012-10-17");
        json.WriteStartArray("Statement");
        foreach (PolicyStatement statement in statements)
        {
            json.WriteStartObject();
            json.WriteString("Effect", "Allow");
            WriteTexts(json, "Action", statement.Actions);
            WriteTexts(json, "Resource", statement.Resources);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    public static string Minify(JsonElement policy) => Write(policy.WriteTo);

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, Minified)) write(json);
        // STS takes no character beyond U+00FF, and JSON has another way to write it. Such characters stand in texts only.
        StringBuilder policy = new();
        foreach (char c in Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length)) _ = c <= '\u00FF' ? policy.Append(c) : policy.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        return policy.ToString();
    }
}

/// <summary>One thing that a built policy allows.</summary>
internal sealed record PolicyStatement(IReadOnlyList<string> Actions, IReadOnlyList<string> Resources);
