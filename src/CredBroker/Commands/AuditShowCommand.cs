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
        AuditCommand.Choices choices = new(path);
        Command command = new("show", "Print the audit's lines, oldest first, times in UTC. Example: cred-broker audit show --since 2h --kind request-refused");
        choices.AddTo(command, until: true);
        command.SetAction(parsed => choices.TryRead(parsed, clock.GetUtcNow(), out AuditCommand.Choice choice, out IReadOnlyList<string> problems)
            ? Show(choice)
            : messages.FailUsage(problems, "See cred-broker audit show --help."));
        return command;

        int Show(AuditCommand.Choice choice)
        {
            using IEnumerator<AuditRow> rows = AuditLines.Read(choice.Path).GetEnumerator();
            try
            {
                while (rows.MoveNext()) Print(rows.Current, choice, messages);
            }
            catch (IOException e) when (e is not OutputException)
            {
                return AuditCommand.FailUnreadable(messages, e);
            }

            return ExitCodes.Done;
        }
    }

    public static void Print(AuditRow row, AuditCommand.Choice choice, Messages messages)
    {
        if (row.Record is null) messages.Warning($"{row.Place} is not an audit line; see cred-broker audit verify");
        else if (choice.Filter.Matches(row.Record)) messages.Result(choice.AsJson ? AuditText.Plain(Encoding.UTF8.GetString(row.Bytes.Span)) : AuditText.Of(row.Record));
    }
}
