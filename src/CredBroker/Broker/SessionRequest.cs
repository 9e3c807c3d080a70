using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CredBroker.Sessions;

namespace CredBroker.Broker;

/// <summary>The body of <c>POST /v1/sessions</c>: <c>{"grants":["reader"],"ttl":"12h","idle":"2h","label":"build 17"}</c>, all but the grants optional.</summary>
internal static class SessionRequest
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <summary>Reports all that is wrong with the form; what it says is the draft's to check.</summary>
    public static SessionDraft? Read(ReadOnlyMemory<byte> body, out IReadOnlyList<string> problems)
    {
        List<string> found = [];
        problems = found;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, Strict);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                found.Add("the body must be a JSON object");
                return null;
            }

            string[] grants = [];
            Dictionary<string, string> texts = new(StringComparer.Ordinal);
            foreach (JsonProperty property in root.EnumerateObject())
            {
                if (property.Name is "ttl" or "idle" or "label") ReadText(property, texts, found);
                else if (property.Name != "grants") found.Add($"there is no property '{Shortened(property.Name)}' here; those are grants, ttl, idle, label");
                else if (property.Value.ValueKind == JsonValueKind.Array && property.Value.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String)) grants = [.. property.Value.EnumerateArray().Select(name => name.GetString()!)];
                else found.Add("grants: it must be an array of names");
            }

            if (!root.TryGetProperty("grants", out _)) found.Add("grants: it must be there, an array of names");
            return found.Count > 0 ? null : new SessionDraft(grants, texts.GetValueOrDefault("ttl"), texts.GetValueOrDefault("idle"), texts.GetValueOrDefault("label"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second: a string that is not of Unicode.
            found.Add("the body is not valid JSON, or has a property twice");
            return null;
        }
    }

    private static void ReadText(JsonProperty property, Dictionary<string, string> texts, List<string> problems)
    {
        if (property.Value.ValueKind == JsonValueKind.String) texts[property.Name] = property.Value.GetString()!;
        else problems.Add($"{property.Name}: it must be a string");
    }

    private static string Shortened(string name) => name.Length <= 64 ? name : name[..64] + "…";
}
