using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Broker;
using CredBroker.Credentials;
using CredBroker.Files;
using CredBroker.Grants;
using CredBroker.Metrics;
using CredBroker.Runs;
using CredBroker.Sessions;

namespace CredBroker.Commands;

/// <summary><c>run --grant aws -- COMMAND</c>: hosts a broker in this process for as long as COMMAND lives.</summary>
internal static class RunCommand
{
    public const string Usage = "run --grant aws[=NAME]... -- COMMAND...";

    /// <summary>Longer than one flight takes: before COMMAND starts there is nobody to give up on us.</summary>
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(30);

    public static Command Create(GrantFile grants, StatePaths paths, AssumeRole assumeRole, LogIn logIn, BrokerLog log, TimeProvider clock, Messages messages)
    {
        Option<string[]> grantOption = new("--grant") { HelpName = "aws[=NAME]", Description = "A grant to run with; the first is the default of the command's AWS config, and each is a profile of its own name in it", Required = true };
        Argument<string[]> commandArgument = new("COMMAND") { Description = "The command and its arguments, after --", Arity = ArgumentArity.OneOrMore };
        Command command = new("run", "Run a command that gets AWS credentials by the helper. Example: cred-broker run --grant aws -- aws s3 ls") { grantOption, commandArgument };
        AuditOptions auditOptions = new(paths.Audit);
        auditOptions.AddTo(command);
        command.SetAction((parsed, _) =>
        {
            string[] words = parsed.GetValue(commandArgument)!;
            // Without the dashes, options of COMMAND would be taken for run's own.
            int afterDashes = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Skip(1).Count();
            if (afterDashes == words.Length) return RunAsync(parsed.GetValue(grantOption)!, words, auditOptions.Read(parsed));
            string problem = words[0].StartsWith('-') ? $"'{words[0]}' is not an option of run" : "COMMAND does not stand after '--'";
            return Task.FromResult(messages.FailUsage([problem], $"Write: cred-broker {Usage}"));
        });
        return command;

        async Task<int> RunAsync(string[] grantTexts, string[] words, AuditSettings auditSettings)
        {
            List<string> problems = [.. GrantSelection.Problems(grantTexts, out IReadOnlyList<string> names)];
            // Of two that are both the default in an AWS config, one would not be had.
            if (names.Skip(1).Contains(Grant.DefaultName)) problems.Add("--grant aws, the grant 'default', does not stand first, and is the default in every AWS config");
            if (problems.Count > 0) return messages.FailUsage(problems, "See cred-broker grant list.");
            using CommandProcess process = new(clock);
            foreach ((string left, string why) in AbandonedRuns.Sweep(paths.Runs)) log.FolderLeft(left, why);

            IReadOnlyList<Failure> missing = GrantSelection.Find(grants, names, out IReadOnlyList<Grant> granted);
            if (missing.Count > 0) return Stop(missing);
            if (!CommandPath.TryFind(words[0], Environment.GetEnvironmentVariable("PATH"), out string program, out int exitCode)) return StopCommand(words[0], exitCode);

            Session session = new(Session.NewId(), names, clock.GetUtcNow(), DateTimeOffset.MaxValue);
            SessionToken token = new();
            LiveSession live = new(session, token);
            using BrokerMetrics metrics = new();
            await using AuditTrail audit = new(auditSettings, clock, log, metrics);
            if (await audit.OpenAsync(process.Ending) is { } unwritable) return Stop([unwritable]);
            await using RoleCredentialCache cache = new(assumeRole, clock, log, metrics);
            LiveGrants current = new(grants, log, LiveGrants.Usual);
            BrokerServices services = new(new SessionTable(clock), current.Find, cache, audit, metrics, log, clock) { GrantsAreStale = () => current.IsStale };
            services.Observe();
            using IDisposable? export = OtlpExport.StartIfAsked(Environment.GetEnvironmentVariable, log);
            SessionLifecycle lifecycle = new(services.Sessions, store: null, services.Audit, log, clock);
            if (await lifecycle.BeginAsync(live) is { } unfinished) return Stop([unfinished]);
            try
            {
                return await ServeAsync(services, live, token, granted, process, new ProcessStartInfo(program, words[1..]) { UseShellExecute = false });
            }
            finally
            {
                await lifecycle.EndAsync(session, SessionEnd.RunEnded);
            }
        }

        async Task<int> ServeAsync(BrokerServices services, LiveSession live, SessionToken token, IReadOnlyList<Grant> granted, CommandProcess process, ProcessStartInfo start)
        {
            foreach (Grant grant in granted) services.Credentials.Hold(live, grant);
            if (await FirstAsync(logIn, services.Credentials, live, granted, process.Ending) is { Count: > 0 } refusals) return Stop(refusals);

            using Endpoints endpoints = new(services);
            await using BrokerHost broker = await BrokerHost.StartAsync(new Listener(ListenAddress.FreeLoopbackPort, endpoints.HandleAsync), log);
            if (!RunFolder.TryCreate(paths.Runs, live.Session.Id, granted, out RunFolder? folder, out Failure? failure)) return Stop([failure!]);
            using (folder)
            {
                CommandEnvironment.Apply(start.Environment, folder!, broker.Url, token, granted);
                try
                {
                    return await process.RunAsync(start, "AWS_CONFIG_FILE=" + folder!.ConfigFile);
                }
                catch (Win32Exception e)
                {
                    messages.Error($"cannot start {start.FileName}: {e.Message}");
                    return ExitCodes.CommandNotExecutable;
                }
            }
        }

        int Stop(IReadOnlyList<Failure> failures)
        {
            foreach (Failure failure in failures) messages.Fail(failure);
            return ExitCodes.RunFailed;
        }

        int StopCommand(string word, int exitCode)
        {
            bool isFound = exitCode == ExitCodes.CommandNotExecutable;
            messages.Error(isFound ? $"cannot run {word}: it is not a program that this user may run" : $"cannot run {word}: there is no such command");
            messages.Hint(isFound ? "Check its mode (chmod +x)." : "Check its spelling and PATH.");
            return exitCode;
        }
    }

    /// <summary>Gets the first credentials of all grants at once, so that what is wrong shows before COMMAND starts; empty where all is well.</summary>
    private static async Task<IReadOnlyList<Failure>> FirstAsync(LogIn logIn, SessionCredentials credentials, LiveSession live, IReadOnlyList<Grant> grants, CancellationToken ending)
    {
        try
        {
            foreach (Grant grant in grants)
            {
                if (await logIn(RoleRequest.For(grant, live.Session.Id), ending) is { } refusal) return [Explained(refusal, grant, grants.Count)];
            }

            AssumeRoleResult[] results = await Task.WhenAll(grants.Select(grant => credentials.GetAsync(live, grant, FirstPatience, ending).AsTask()));
            return [.. results.Zip(grants).Where(first => first.First.Failure is not null).Select(first => Explained(first.First.Failure!, first.Second, grants.Count))];
        }
        catch (OperationCanceledException)
        {
            return [new Failure(FailureKind.Host, "Interrupted", "interrupted before COMMAND started")];
        }
    }

    private static Failure Explained(Failure failure, Grant grant, int grants) => failure with
    {
        Message = grants == 1 ? failure.Message : $"grant '{grant.Name}': {failure.Message}",
        Hint = $"{failure.Hint} COMMAND was not started. To change the grant: {grant.Command}",
    };
}
