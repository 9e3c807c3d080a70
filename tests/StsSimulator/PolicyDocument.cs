using System.Text.Json;

namespace StsSimulator;

/// <summary>The grammar of a session policy, as far as a wrong one is told from a right one.</summary>
internal static class PolicyDocument
{
    private const string SyntaxErrors = "Syntax errors in policy.";

    /// <summary>What is wrong with the document; null if nothing is.</summary>
    public static string? Fault(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return Fault(document.RootElement);
        }
        catch (JsonException)
        {
            return SyntaxErrors;
        }
    }

    private static string? Fault(JsonElement policy)
    {
        if (policy.ValueKind != JsonValueKind.Object || !policy.TryGetProperty("Statement", out JsonElement statements))
            return SyntaxErrors;
        if (policy.TryGetProperty("Version", out JsonElement version)
            && !(version.ValueKind == JsonValueKind.String && version.GetString() is "2012-10-17" or "2008-10-17"))
            return SyntaxErrors;
        if (statements.ValueKind != JsonValueKind.Array)
            return StatementFault(statements);
        if (statements.GetArrayLength() == 0)
            return SyntaxErrors;
        foreach (JsonElement statement in statements.EnumerateArray())
        {
            if (StatementFault(statement) is string fault)
                return fault;
        }
        return null;
    }

    private static string? StatementFault(JsonElement statement)
    {
        if (statement.ValueKind != JsonValueKind.Object
            || !statement.TryGetProperty("Effect", out JsonElement effect)
            || !(effect.ValueKind == JsonValueKind.String && effect.GetString() is "Allow" or "Deny"))
            return SyntaxErrors;
        if (Has("Principal") || Has("NotPrincipal"))
            return "Policy document should not specify a principal.";
        if (!Has("Action") && !Has("NotAction"))
            return "Policy statement must contain actions.";
        return Has("Resource") || Has("NotResource") ? null : "Policy statement must contain resources.";

        bool Has(string name) => statement.TryGetProperty(name, out _);
    }
}
