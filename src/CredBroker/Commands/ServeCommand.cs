using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Broker;
using CredBroker.Credentials;
using CredBroker.Files;
using CredBroker.Grants;
using CredBroker.Metrics;
using CredBroker.Sessions;

namespace CredBroker.Commands;

/// <summary><c>serve --grant aws --token-file PATH</c>: a broker for what others start, with one session, until it is stopped.</summary>
internal static class ServeCommand
{
    public static Command Create(GrantFile grants, AssumeRole assumeRole, BrokerLog log, TimeProvider clock, Messages messages)
    {
        Option<string[]> grantOption = new("--grant") { HelpName = "aws[=NAME]", Description = "The grant to serve", Required = true };
        Option<string> tokenFile = new("--token-file") { HelpName = "PATH", Description = "Where to write the session's token, mode 0600; removed at the end", Required = true };
        ListenerOptions listenerOptions = new();
        Command command = new("serve", "Serve credentials until stopped. Example: cred-broker serve --grant aws --token-file ./token") { grantOption, tokenFile };
        listenerOptions.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(grantOption)!, parsed.GetValue(tokenFile)!, parsed));
        return command;

        async Task<int> RunAsync(string[] grantTexts, string tokenText, ParseResult parsed)
        {
            List<string> problems = [];
            if (grantTexts.Length != 1) problems.Add("--grant is given more than once, and this version serves one grant");
            if (!GrantOption.TryParse(grantTexts[0], out string name, out string? problem)) problems.Add(problem!);
            (IReadOnlyList<ListenAddress> addresses, ListenSettings settings) = listenerOptions.Read(parsed, problems);
            if (tokenText.Length == 0) problems.Add("--token-file is empty");
            if (problems.Count > 0) return messages.FailUsage(problems, "See cred-broker serve --help.");
            if (!grants.TryFind(name, out Grant? grant, out Failure? failure)) return messages.Fail(failure!);

            string tokenPath = Path.GetFullPath(tokenText);
            using CancellationTokenSource stopping = new();
            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
            Session session = new(Session.NewId(), [grant!.Name], clock.GetUtcNow(), DateTimeOffset.MaxValue);
            SessionToken token = new();
            SessionTable sessions = new();
            sessions.Add(session, token);
            await using RoleCredentialCache cache = new(assumeRole, clock, log);
            using IDisposable holding = cache.Hold(RoleRequest.For(grant!, session.Id));
            using BrokerMetrics metrics = new();
            Endpoints endpoints = new(new BrokerServices(sessions, _ => grant, cache, new UnkeptTrail(), metrics, log, clock));
            try
            {
                await using BrokerHost broker = await BrokerHost.StartAsync([.. addresses.Select(address => new Listener(address, endpoints.HandleAsync, settings))], log);
                AtomicFile.Write(tokenPath, Encoding.ASCII.GetBytes(token.Text + "\n"), UnixModes.PrivateFile);
                try
                {
                    foreach (ListenAddress address in broker.Addresses) messages.Result($"AWS_CRED_URL={address.CredentialsUrl}");
                    messages.Result($"AWS_CRED_TOKEN_FILE={tokenPath}");
                    await Task.Delay(Timeout.InfiniteTimeSpan, clock, stopping.Token);
                }
                catch (OperationCanceledException)
                {
                    return ExitCodes.Done;
                }
                finally
                {
                    File.Delete(tokenPath);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return messages.Fail(new Failure(FailureKind.Host, "CannotServe", $"cannot serve at {string.Join(", ", addresses)} with its token in {tokenPath}: {e.Message}", "Name a free port with --listen, and a place that this user may write with --token-file."));
            }

            return ExitCodes.Done;

            void Stop(PosixSignalContext context)
            {
                context.Cancel = true;
                stopping.Cancel();
            }
        }
    }
}
