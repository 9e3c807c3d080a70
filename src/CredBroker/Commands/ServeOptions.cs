using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using CredBroker.Audit;
using CredBroker.Broker;
using CredBroker.Files;
using CredBroker.Sessions;

namespace CredBroker.Commands;

/// <summary>What <c>serve</c> is told, once it is known to be sound.</summary>
/// <param name="Grants">Names, of the session that it makes for itself; empty: it makes none.</param>
/// <param name="TokenPath">Where that session's token is written; null: there is none.</param>
internal sealed record ServeSettings(IReadOnlyList<ListenAddress> Addresses, ListenSettings Listening, string Store, string Control, AuditSettings Audit, int SessionRate, IReadOnlyList<string> Grants, string? TokenPath);

/// <summary>The options of <c>serve</c>.</summary>
internal sealed class ServeOptions(StatePaths paths)
{
    private readonly Option<string[]> _grants = new("--grant") { HelpName = "aws[=NAME]", Description = "A grant of a session that lasts as long as this broker; with --token-file" };
    private readonly Option<string?> _tokenFile = new("--token-file") { HelpName = "PATH", Description = "Where to write that session's token, mode 0600; removed at the end" };
    private const int MaximumRate = 1_000_000;

    private readonly ListenerOptions _listening = new();
    private readonly AuditOptions _audit = new(paths.Audit);
    private readonly Option<string?> _store = new("--store") { HelpName = "PATH", Description = "Where sessions are kept; one broker works with it at a time" };
    private readonly Option<string?> _control = new("--control") { HelpName = "PATH", Description = "The socket on which cred-broker session speaks with this broker, mode 0600" };

    private readonly Option<int> _rate = new("--session-rate") { HelpName = "N", Description = "How many requests a second one session may make, and twice as many at once", DefaultValueFactory = _ => SessionTable.DefaultRate };

    public void AddTo(Command command)
    {
        _listening.AddTo(command);
        foreach (Option option in (Option[])[_store, _control, _rate, _grants, _tokenFile]) command.Options.Add(option);
        _audit.AddTo(command);
    }

    /// <summary>Reports every problem of what was typed.</summary>
    public ServeSettings? Read(ParseResult parsed, out IReadOnlyList<string> problems)
    {
        string[] grantTexts = parsed.GetValue(_grants) ?? [];
        List<string> found = [.. GrantSelection.Problems(grantTexts, out IReadOnlyList<string> names)];
        (IReadOnlyList<ListenAddress> addresses, ListenSettings listening) = _listening.Read(parsed, found);
        string? tokenFile = parsed.GetValue(_tokenFile);
        if (grantTexts.Length > 0 && tokenFile is null) found.Add("--grant is given without --token-file, and nobody would get the session's token");
        if (grantTexts.Length == 0 && tokenFile is not null) found.Add("--token-file is given without --grant: there is no session whose token it could hold");
        string store = PathOf(_store, parsed, paths.Store, found), control = PathOf(_control, parsed, paths.Control, found);
        if (tokenFile?.Length == 0) found.Add("--token-file is empty");
        if (UnixSocket.WhyNot(control) is string whyNot) found.Add($"--control '{control}' {whyNot}");
        if (parsed.GetValue(_rate) is < 1 or > MaximumRate) found.Add($"--session-rate is not a number from 1 to {MaximumRate}");
        problems = found;
        return found.Count > 0 ? null : new ServeSettings(addresses, listening, store, control, _audit.Read(parsed), parsed.GetValue(_rate), names, tokenFile is null ? null : Path.GetFullPath(tokenFile));
    }

    private static string PathOf(Option<string?> option, ParseResult parsed, string fallback, List<string> problems)
    {
        string? path = parsed.GetValue(option);
        if (path?.Length == 0) problems.Add($"{option.Name} is empty");
        return string.IsNullOrEmpty(path) ? fallback : Path.GetFullPath(path);
    }
}
