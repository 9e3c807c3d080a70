using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CredBroker.Grants;

/// <summary>The grammar of a session policy. Source: IAM user guide, "Grammar of the IAM JSON policy language"; a session policy has no principal.</summary>
internal static partial class PolicyShape
{
    public static IEnumerable<string> Problems(JsonElement policy)
    {
        if (policy.ValueKind != JsonValueKind.Object) return ["is not a JSON object"];
        List<string> found = [.. Unknown(policy, "the policy", "Version", "Id", "Statement")];
        if (policy.TryGetProperty("Version", out JsonElement version) && !IsOneOf(version, "2012-10-17", "2008-10-17")) found.Add("has a \"Version\" that is neither \"2012-10-17\" nor \"2008-10-17\"");
        if (policy.TryGetProperty("Id", out JsonElement id) && id.ValueKind != JsonValueKind.String) found.Add("has an \"Id\" that is not a text");
        if (!policy.TryGetProperty("Statement", out JsonElement statements)) found.Add("has no \"Statement\"");
        else if (statements.ValueKind != JsonValueKind.Array) found.AddRange(OfStatement(statements, "its statement"));
        else if (statements.GetArrayLength() == 0) found.Add("has no statement in its \"Statement\"");
        else found.AddRange(statements.EnumerateArray().SelectMany((statement, index) => OfStatement(statement, $"statement {index + 1}")));
        return found;
    }

    /// <summary>Why a text is not an action or a pattern of actions; null where it is.</summary>
    public static string? WhyNotAction(string action) => Action().IsMatch(action) ? null : "is not an action as s3:GetObject is one";

    /// <summary>Why a text is not a resource or a pattern of resources; null where it is.</summary>
    public static string? WhyNotResource(string resource)
    {
        if (resource == "*") return null;
        bool isArn = resource.Split(':', 6) is ["arn", { Length: > 0 }, { Length: > 0 }, _, _, { Length: > 0 }] && !resource.Any(char.IsControl);
        return isArn ? null : "is not an ARN, as arn:aws:s3:::bucket/* is one, nor *";
    }

    private static List<string> OfStatement(JsonElement statement, string name)
    {
        if (statement.ValueKind != JsonValueKind.Object) return [$"has in {name} something other than a JSON object"];
        List<string> found = [.. Unknown(statement, name, "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition", "Principal", "NotPrincipal")];
        if (statement.TryGetProperty("Sid", out JsonElement sid) && !(sid.ValueKind == JsonValueKind.String && sid.GetString()!.All(char.IsAsciiLetterOrDigit)))
        {
            found.Add($"has in {name} a \"Sid\" that is not of letters and digits");
        }

        if (!statement.TryGetProperty("Effect", out JsonElement effect) || !IsOneOf(effect, "Allow", "Deny")) found.Add($"has in {name} no \"Effect\" of \"Allow\" or \"Deny\"");
        if (statement.TryGetProperty("Principal", out _) || statement.TryGetProperty("NotPrincipal", out _)) found.Add($"has in {name} a principal, which a session policy cannot have");
        found.AddRange(OfOneList(statement, name, "Action", "NotAction", WhyNotAction));
        found.AddRange(OfOneList(statement, name, "Resource", "NotResource", WhyNotResource));
        if (statement.TryGetProperty("Condition", out JsonElement condition) && !IsCondition(condition)) found.Add($"has in {name} a \"Condition\" that is not of the form {{\"OPERATOR\": {{\"KEY\": VALUES}}}}");
        return found;
    }

    private static IEnumerable<string> OfOneList(JsonElement statement, string name, string positive, string negative, Func<string, string?> whyNot)
    {
        string[] present = [.. new[] { positive, negative }.Where(key => statement.TryGetProperty(key, out _))];
        if (present.Length != 1) return [$"has in {name} {(present.Length == 0 ? $"neither \"{positive}\" nor \"{negative}\"" : $"both \"{positive}\" and \"{negative}\"")}"];
        JsonElement value = statement.GetProperty(present[0]);
        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        if (items.Length == 0 || items.Any(item => item.ValueKind != JsonValueKind.String)) return [$"has in {name} \"{present[0]}\" as neither a text nor a list of texts"];
        return items.Select(item => (Text: item.GetString()!, Why: whyNot(item.GetString()!))).Where(item => item.Why is not null).Select(item => $"has in {name} '{item.Text}', which {item.Why}");
    }

    private static bool IsCondition(JsonElement condition) =>
        condition.ValueKind == JsonValueKind.Object && condition.EnumerateObject().All(test =>
            test.Value.ValueKind == JsonValueKind.Object && test.Value.EnumerateObject().All(key =>
                IsPlain(key.Value) || (key.Value.ValueKind == JsonValueKind.Array && key.Value.EnumerateArray().All(IsPlain))));

    private static bool IsPlain(JsonElement value) => value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;

    private static bool IsOneOf(JsonElement value, params string[] texts) => value.ValueKind == JsonValueKind.String && texts.Contains(value.GetString());

    /// <summary>AWS refuses a key that it does not know, and one in another case is not known.</summary>
    private static IEnumerable<string> Unknown(JsonElement element, string name, params string[] known) =>
        element.EnumerateObject().Where(property => !known.Contains(property.Name)).Select(property => $"has in {name} the key '{property.Name}', which no policy has");

    [GeneratedRegex(@"\A(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)\z")]
    private static partial Regex Action();
}
