using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Files;

namespace CredBroker.Commands;

/// <summary><c>audit follow</c>: until Ctrl-C, or until nobody reads any more.</summary>
internal static class AuditFollowCommand
{
    public static Command Create(string path, TimeProvider clock, Messages messages)
    {
        AuditCommand.Choices choices = new(path);
        Command command = new("follow", "Print the audit's lines as they come, until Ctrl-C. Example: cred-broker audit follow --since 10m");
        choices.AddTo(command, until: false);
        command.SetAction((parsed, _) => choices.TryRead(parsed, clock.GetUtcNow(), out AuditCommand.Choice choice, out IReadOnlyList<string> problems)
            ? FollowAsync(choice)
            : Task.FromResult(messages.FailUsage(problems, "See cred-broker audit follow --help.")));
        return command;

        async Task<int> FollowAsync(AuditCommand.Choice choice)
        {
            using StopSignals signals = new();
            if (!File.Exists(choice.Path)) messages.Warning($"there is no {choice.Path} yet; waiting for it");
            try
            {
                await new AuditFollower(choice.Path, clock).FollowAsync(choice.Filter.Since is not null, row => AuditShowCommand.Print(row, choice, messages), StandardOutput.IsClosed, signals.Stopping);
                return ExitCodes.Done;
            }
            catch (OperationCanceledException)
            {
                return ExitCodes.Done;
            }
            catch (OutputException)
            {
                return ExitCodes.Done; // whoever read it has read enough
            }
            catch (IOException e)
            {
                return AuditCommand.FailUnreadable(messages, e);
            }
        }
    }
}
