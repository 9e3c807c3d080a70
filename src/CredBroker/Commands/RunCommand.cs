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
    public const string Usage = "run --grant aws[=NAME] -- COMMAND...";

    /// <summary>Longer than one flight takes: before COMMAND starts there is nobody to give up on us.</summary>
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(30);

    public static Command Create(GrantFile grants, StatePaths paths, AssumeRole assumeRole, BrokerLog log, TimeProvider clock, Messages messages)
    {
        Option<string[]> grantOption = new("--grant") { HelpName = "aws[=NAME]", Description = "The grant to run with", Required = true };
        Argument<string[]> commandArgument = new("COMMAND") { Description = "The command and its arguments, after --", Arity = ArgumentArity.OneOrMore };
        Command command = new("run", "Run a command that gets AWS credentials by the helper. Example: cred-broker run --grant aws -- aws s3 ls") { grantOption, commandArgument };
        command.SetAction((parsed, _) =>
        {
            string[] words = parsed.GetValue(commandArgument)!;
            // Without the dashes, options of COMMAND would be taken for run's own.
            int afterDashes = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Skip(1).Count();
            return afterDashes == words.Length
                ? RunAsync(parsed.GetValue(grantOption)!, words)
                : Task.FromResult(messages.FailUsage(["COMMAND does not stand after '--'"], $"Write: cred-broker {Usage}"));
        });
        return command;

        async Task<int> RunAsync(string[] grantTexts, string[] words)
        {
            if (grantTexts.Length != 1) return messages.FailUsage(["--grant is given more than once, and this version runs with one grant"], "Start one run for each grant.");
            if (!GrantOption.TryParse(grantTexts[0], out string name, out string? problem)) return messages.FailUsage([problem!], "See cred-broker grant list.");
            using CommandProcess process = new(clock);
            foreach ((string left, string why) in RunFolder.Sweep(paths.Runs)) log.FolderLeft(left, why);

            if (!grants.TryFind(name, out Grant? grant, out Failure? failure)) return Stop(failure!);
            if (!CommandPath.TryFind(words[0], Environment.GetEnvironmentVariable("PATH"), out string program, out int exitCode)) return StopCommand(words[0], exitCode);

            DateTimeOffset now = clock.GetUtcNow();
            Session session = new(Session.NewId(), [grant!.Name], now, DateTimeOffset.MaxValue);
            SessionToken token = new();
            SessionTable sessions = new();
            sessions.Add(session, token);
            RoleRequest request = RoleRequest.For(grant!, session.Id);
            await using RoleCredentialCache cache = new(assumeRole, clock, log);
            using IDisposable holding = cache.Hold(request);
            if (await FirstAsync(cache, request, process.Ending) is { } refusal)
            {
                bool isInterrupted = process.Ending.IsCancellationRequested;
                return Stop(isInterrupted ? refusal : refusal with { Hint = $"{refusal.Hint} COMMAND was not started. To change the grant: {grant!.Command}" });
            }

            using BrokerMetrics metrics = new();
            Endpoints endpoints = new(new BrokerServices(sessions, _ => grant, cache, new UnkeptTrail(), metrics, log, clock));
            await using BrokerHost broker = await BrokerHost.StartAsync(new Listener(ListenAddress.FreeLoopbackPort, endpoints.HandleAsync), log);
            if (!RunFolder.TryCreate(paths.Runs, session.Id, grant!.Region, out RunFolder? folder, out failure)) return Stop(failure!);
            using (folder)
            {
                ProcessStartInfo start = new(program, words[1..]) { UseShellExecute = false };
                CommandEnvironment.Apply(start.Environment, folder!, broker.Url, token, grant.Region, grant.Environment);
                try
                {
                    return await process.RunAsync(start, "AWS_CONFIG_FILE=" + folder!.ConfigFile);
                }
                catch (Win32Exception e)
                {
                    messages.Error($"cannot start {program}: {e.Message}");
                    return ExitCodes.CommandNotExecutable;
                }
            }
        }

        int Stop(Failure failure)
        {
            messages.Fail(failure);
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

    /// <summary>Gets the first credentials, so that what is wrong shows before COMMAND starts; null where all is well.</summary>
    private static async Task<Failure?> FirstAsync(RoleCredentialCache cache, RoleRequest request, CancellationToken ending)
    {
        try
        {
            return (await cache.GetAsync(request, FirstPatience, ending)).Failure;
        }
        catch (OperationCanceledException)
        {
            return new Failure(FailureKind.Host, "Interrupted", "interrupted before COMMAND started");
        }
    }
}
