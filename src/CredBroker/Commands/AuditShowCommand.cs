using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Text;
using CredBroker.Audit;

namespace CredBroker.Commands;

/// <summary><c>audit show [--json] [--session ID] …</c></summary>
internal static class AuditShowCommand
{
    public static Command Create(string path, TimeProvider clock, Messages messages)
    {
        Option<string?> file = AuditCommand.FileOption;
        Option<bool> json = AuditCommand.JsonOption;
        AuditCommand.Filters filters = new();
        Command command = new("show", "Print the audit's lines, oldest first, times in UTC. Example: cred-broker audit show --since 2h --kind request-refused") { json, file };
        filters.AddTo(command, until: true);
        command.SetAction(parsed => filters.TryRead(parsed, clock.GetUtcNow(), out AuditFilter filter, out IReadOnlyList<string> problems)
            ? Show(Path.GetFullPath(parsed.GetValue(file) ?? path), filter, parsed.GetValue(json))
            : messages.FailUsage(problems, "See cred-broker audit show --help."));
        return command;

        int Show(string from, AuditFilter filter, bool asJson)
        {
            using IEnumerator<AuditRow> rows = AuditLines.Read(from).GetEnumerator();
            try
            {
                while (rows.MoveNext()) Print(rows.Current, filter, asJson, messages);
            }
            catch (IOException e) when (e is not OutputException)
            {
                return AuditCommand.FailUnreadable(messages, e);
            }

            return ExitCodes.Done;
        }
    }

    public static void Print(AuditRow row, AuditFilter filter, bool asJson, Messages messages)
    {
        if (row.Record is null) messages.Warning($"{row.Place} is not an audit line; see cred-broker audit verify");
        else if (filter.Matches(row.Record)) messages.Result(asJson ? AuditText.Plain(Encoding.UTF8.GetString(row.Bytes.Span)) : AuditText.Of(row.Record));
    }
}
