using System.Collections.Generic;
using System.Linq;
using CredBroker.Grants;

namespace CredBroker.Commands;

/// <summary>The grants of several <c>--grant</c>: in their order, each there and each once.</summary>
internal static class GrantSelection
{
    /// <summary>Reports every problem of what was typed.</summary>
    public static IReadOnlyList<string> Problems(IReadOnlyList<string> texts, out IReadOnlyList<string> names)
    {
        List<string> problems = [], found = [];
        foreach (string text in texts)
        {
            if (!GrantOption.TryParse(text, out string name, out string? problem)) problems.Add(problem!);
            else if (!found.Contains(name)) found.Add(name);
            else if (!problems.Contains(Twice(name))) problems.Add(Twice(name));
        }

        if (texts.Count > Sessions.SessionDraft.MaximumGrants) problems.Add($"--grant is given {texts.Count} times, and a session has at most {Sessions.SessionDraft.MaximumGrants} grants");
        names = found;
        return problems;
    }

    /// <summary>Finds them all, or says of each that is missing what makes it.</summary>
    public static IReadOnlyList<Failure> Find(GrantFile file, IReadOnlyList<string> names, out IReadOnlyList<Grant> grants)
    {
        List<Failure> failures = [];
        List<Grant> found = [];
        grants = found;
        foreach (string name in names)
        {
            if (file.TryFind(name, out Grant? grant, out Failure? failure)) found.Add(grant!);
            else failures.Add(failure!);
        }

        // A file that cannot be read is one failure, however many grants it was asked for.
        return [.. failures.Distinct()];
    }

    private static string Twice(string name) => $"--grant names '{name}' more than once";
}
