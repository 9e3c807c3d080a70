using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.Linq;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Credentials;
using CredBroker.Files;
using CredBroker.Grants;
using Microsoft.Extensions.Logging;

namespace CredBroker.Commands;

/// <summary>The commands as one tree, and how they are called.</summary>
internal static class CommandLine
{
    /// <param name="only">The command that is typed: the others are not made, which would take longer than most of them run. Null, or none of them: all.</param>
    public static RootCommand Create(StatePaths paths, AssumeRole assumeRole, LogIn logIn, WhyNotLoggedIn whyNotLoggedIn, BrokerLog log, TimeProvider clock, Messages messages, LogSettings? logSettings = null, string? only = null)
    {
        LogSettings logging = logSettings ?? new LogSettings();
        GrantFile grants = new(paths.Grants);
        (string Name, Func<Command> Create)[] commands =
        [
            ("grant", () => new Command("grant", "Grant roles to runs, and see and revoke grants")
            {
                GrantAwsCommand.Create(grants, assumeRole, logIn, OpenAudit, messages),
                GrantListCommand.Create(grants, messages),
                GrantShowCommand.Create(grants, messages),
                GrantRevokeCommand.Create(grants, OpenAudit, messages),
            }),
            // COMMAND has the same standard error: what goes well is not said in between.
            ("run", () => RunCommand.Create(grants, paths, assumeRole, logIn, log, clock, messages).WithLog(logging, LogLevel.Warning)),
            ("serve", () => ServeCommand.Create(grants, paths, assumeRole, logIn, whyNotLoggedIn, log, clock, messages).WithLog(logging, LogLevel.Information)),
            ("session", () => new Command("session", "Make, list and revoke the sessions of a broker that serves")
            {
                SessionCreateCommand.Create(paths, messages),
                SessionListCommand.Create(paths, messages),
                SessionRevokeCommand.Create(paths, messages),
            }),
            ("audit", () => AuditCommand.Create(paths.Audit, clock, messages)),
            ("helper", () => new Command("helper", "The aws-cred helpers that this program carries")
            {
                HelperExtractCommand.Create(messages),
                HelperListCommand.Create(messages),
            }),
        ];
        bool isOne = commands.Any(command => command.Name == only);
        RootCommand root = new("Gives containers, sandboxes and commands short-lived AWS credentials of granted roles, and nothing of the host's own identity.");
        foreach ((string name, Func<Command> create) in commands)
        {
            if (!isOne || name == only) root.Add(create());
        }

        root.Options.OfType<HelpOption>().Single().Action = new HelpText();
        return root;

        AuditTrail OpenAudit() => new(new AuditSettings(paths.Audit), clock, log);
    }

    public static async Task<int> InvokeAsync(RootCommand root, string[] arguments, Messages messages)
    {
        // A word of COMMAND that begins with @ is a word, not a file of arguments.
        ParseResult parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            string command = string.Join(' ', parsed.CommandResult.Command.Parents.OfType<Command>().Where(parent => parent is not RootCommand).Select(parent => parent.Name).Append(parsed.CommandResult.Command.Name));
            // Beside a word that is none of ours, "required command was not provided" says nothing.
            IEnumerable<string> problems = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens.Select(token => $"'{token}' is not a command or option here") : parsed.Errors.Select(error => Plain(error.Message));
            return messages.FailUsage(problems, $"See {(parsed.CommandResult.Command is RootCommand ? "cred-broker" : "cred-broker " + command)} --help.");
        }

        // Signals and exceptions are the commands' own business.
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    /// <summary>The parser's words without .NET's name of a number and without the marks that keep right-to-left text apart.</summary>
    private static string Plain(string message) => message.Replace(" as expected type 'System.Int32'", ": it must be a whole number", StringComparison.Ordinal).Replace("\u2068", "", StringComparison.Ordinal).Replace("\u2069", "", StringComparison.Ordinal);
}
