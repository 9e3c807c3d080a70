using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Text.Json;
using CredBroker.Grants;

namespace CredBroker.Commands;

/// <summary><c>grant list [--json]</c></summary>
internal static class GrantListCommand
{
    public static Command Create(GrantFile grants, Messages messages)
    {
        Option<bool> json = new("--json") { Description = "Print a JSON array" };
        Command command = new("list", "List the grants") { json };
        command.SetAction(parsed =>
        {
            if (!grants.TryRead(out IReadOnlyList<Grant> all, out Failure? failure)) return messages.Fail(failure!);
            if (parsed.GetValue(json)) messages.Result(JsonSerializer.Serialize([.. all], GrantJson.Default.GrantArray));
            else Table(all, messages);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Table(IReadOnlyList<Grant> grants, Messages messages)
    {
        if (grants.Count == 0)
        {
            messages.Result($"There are no grants. Make one: {Grant.CommandFor(Grant.DefaultName)} --role ROLE-ARN");
            return;
        }

        string[][] rows = [["NAME", "ROLE", "REGION", "DURATION", "PROFILE", "NARROWED BY"], .. grants.Select(g => new[] { g.Name, g.RoleArn, g.Region, SessionDuration.Format(g.Duration), g.AwsProfile ?? "-", NarrowedBy(g) })];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows) messages.Result(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static string NarrowedBy(Grant grant)
    {
        string[] by = [.. new[] { grant.Preset is null ? null : $"preset {grant.Preset}", grant.Policy is null ? null : "policy", grant.PolicyArns is null ? null : $"{grant.PolicyArns.Count} policy ARN{(grant.PolicyArns.Count == 1 ? "" : "s")}" }.OfType<string>()];
        return by.Length == 0 ? "-" : string.Join(", ", by);
    }
}
