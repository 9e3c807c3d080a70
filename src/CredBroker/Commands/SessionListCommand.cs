using System.CommandLine;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using CredBroker.Files;

namespace CredBroker.Commands;

/// <summary><c>session list [--json]</c></summary>
internal static class SessionListCommand
{
    public static Command Create(StatePaths paths, Messages messages)
    {
        Option<bool> json = new("--json") { Description = "Print a JSON array" };
        Option<string?> control = ControlOption.Create();
        Command command = new("list", "List the sessions that are alive, oldest first; no tokens") { json, control };
        command.SetAction(async (parsed, _) =>
        {
            using ControlClient broker = ControlOption.Connect(parsed, control, paths);
            ControlAnswer answer = await broker.SendAsync(HttpMethod.Get, "/v1/sessions");
            if (answer.Failure is { } failure) return messages.Fail(failure);
            if (parsed.GetValue(json)) messages.Result(Encoding.UTF8.GetString(answer.Body).TrimEnd());
            else Table(answer.Body, messages);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Table(byte[] body, Messages messages)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        JsonElement[] sessions = [.. document.RootElement.EnumerateArray()];
        if (sessions.Length == 0)
        {
            messages.Result("There are no sessions. Make one: cred-broker session create --grant aws");
            return;
        }

        string[][] rows = [["ID", "GRANTS", "ENDS", "IDLE", "LAST USED", "LABEL"], .. sessions.Select(session => new[] { Text(session, "id"), string.Join(',', session.GetProperty("grants").EnumerateArray().Select(name => name.GetString())), Text(session, "ends"), Text(session, "idle"), Text(session, "lastUsed"), Text(session, "label") })];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows) messages.Result(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static string Text(JsonElement session, string name) => session.TryGetProperty(name, out JsonElement value) ? value.GetString()! : "-";
}
