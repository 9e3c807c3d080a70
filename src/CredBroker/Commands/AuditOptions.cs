using System.CommandLine;
using System.IO;
using CredBroker.Audit;

namespace CredBroker.Commands;

/// <summary><c>--audit-file</c> and <c>--audit-optional</c> of the commands that host a broker.</summary>
internal sealed class AuditOptions(string usualPath)
{
    private readonly Option<string?> _file = new("--audit-file") { HelpName = "PATH", Description = "Where the audit is written; this user's own file if not given" };
    private readonly Option<bool> _optional = new("--audit-optional") { Description = "Give credentials also while their audit line cannot be written" };

    public void AddTo(Command command)
    {
        command.Options.Add(_file);
        command.Options.Add(_optional);
    }

    public AuditSettings Read(ParseResult parsed) => new(Path.GetFullPath(parsed.GetValue(_file) ?? usualPath), parsed.GetValue(_optional));
}
