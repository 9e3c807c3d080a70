using System;
using System.Collections.Generic;
using CredBroker.Grants;

namespace CredBroker.Commands;

/// <summary>The value of <c>--grant</c>: <c>aws</c> or <c>aws=NAME</c>.</summary>
internal static class GrantOption
{
    public const string ValidValues = "aws, or aws=NAME";

    public static bool TryParse(string text, out string name, out string? problem)
    {
        (string provider, string given) = text.Split('=', 2) is [string before, string after] ? (before, after) : (text, Grant.DefaultName);
        name = given;
        problem = provider != "aws" ? $"--grant '{text}' is not one of: {ValidValues}"
            : GrantDraft.WhyNotName(given) is string why ? $"--grant '{text}': the name {why}"
            : null;
        return problem is null;
    }
}
