using System;
using System.Collections.Generic;
using System.Text;

namespace StsSimulator;

/// <summary>The fields of a form body or a query string. Of a name given twice the first counts, as in STS.</summary>
internal sealed class QueryParameters
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    public QueryParameters(string text)
    {
        foreach (string pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=', 2);
            values.TryAdd(Decode(parts[0]), parts.Length == 2 ? Decode(parts[1]) : "");
        }
    }

    public static QueryParameters Of(ReceivedRequest request) =>
        new(request.Method == "POST" ? Encoding.UTF8.GetString(request.Body) : request.Query);

    public IReadOnlyDictionary<string, string> All => values;

    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary><c>list.member.1suffix</c>, <c>list.member.2suffix</c>, … up to the first number that is not there at all.</summary>
    public IReadOnlyList<string?> Members(string list, string suffix = "")
    {
        List<string?> members = [];
        for (int number = 1; Exists($"{list}.member.{number}"); number++)
            members.Add(this[$"{list}.member.{number}{suffix}"]);
        return members;
    }

    private bool Exists(string member)
    {
        foreach (string name in values.Keys)
        {
            if (name == member || name.StartsWith(member + ".", StringComparison.Ordinal))
                return true;
        }
        return false;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
