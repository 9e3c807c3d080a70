using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using CredBroker.Audit;

namespace CredBroker.Commands;

/// <summary><c>audit show|verify|follow</c>, and what they share.</summary>
internal static class AuditCommand
{
    public static Command Create(string path, TimeProvider clock, Messages messages) => new("audit", "See, verify and follow the audit of issuances, refusals, sessions and grants")
    {
        AuditShowCommand.Create(path, clock, messages),
        AuditVerifyCommand.Create(path, messages),
        AuditFollowCommand.Create(path, clock, messages),
    };

    public static Option<string?> FileOption => new("--file") { HelpName = "PATH", Description = "The audit's file, with those that it was before beside it; this user's own if not given" };

    public static int FailUnreadable(Messages messages, IOException e) =>
        messages.Fail(new Failure(FailureKind.Host, "AuditUnreadable", $"cannot read the audit: {e.Message}", "It begins with the first run, serve or grant. Another file: --file PATH."));

    /// <summary>Which lines of which file, and how they are printed.</summary>
    public sealed record Choice(string Path, AuditFilter Filter, bool AsJson);

    /// <summary>The options of the commands that print lines.</summary>
    /// <param name="usualPath">Where <c>--file</c> is not given.</param>
    public sealed class Choices(string usualPath)
    {
        private readonly Option<bool> _json = new("--json") { Description = "Print the lines as they are" };
        private readonly Option<string?> _file = FileOption;
        private readonly Option<string?> _session = new("--session") { HelpName = "ID", Description = "Of this session alone" };
        private readonly Option<string?> _grant = new("--grant") { HelpName = "NAME", Description = "Of this grant alone" };
        private readonly Option<string?> _kind = new("--kind") { HelpName = "KIND", Description = $"Of this kind alone: {string.Join(", ", AuditKinds.All)}" };
        private readonly Option<string?> _since = new("--since") { HelpName = "TIME", Description = $"Not before: {AuditFilter.ValidTimes}" };
        private readonly Option<string?> _until = new("--until") { HelpName = "TIME", Description = "Not after" };

        public void AddTo(Command command, bool until)
        {
            foreach (Option option in (Option[])[_json, _file, _session, _grant, _kind, _since]) command.Options.Add(option);
            if (until) command.Options.Add(_until);
        }

        public bool TryRead(ParseResult parsed, DateTimeOffset now, out Choice choice, out IReadOnlyList<string> problems)
        {
            List<string> found = [];
            string? kind = parsed.GetValue(_kind);
            if (kind is not null && !AuditKinds.IsName(kind)) found.Add($"--kind '{kind}' is not one of: {string.Join(", ", AuditKinds.All)}");
            AuditFilter filter = new(parsed.GetValue(_session), parsed.GetValue(_grant), kind, Time(_since), parsed.CommandResult.Command.Options.Contains(_until) ? Time(_until) : null);
            choice = new Choice(Path.GetFullPath(parsed.GetValue(_file) ?? usualPath), filter, parsed.GetValue(_json));
            problems = found;
            return found.Count == 0;

            DateTimeOffset? Time(Option<string?> option)
            {
                if (parsed.GetValue(option) is not string text) return null;
                if (AuditFilter.TryParseTime(text, now, out DateTimeOffset time)) return time;
                found.Add($"{option.Name} '{text}' is not {AuditFilter.ValidTimes}");
                return null;
            }
        }
    }
}
