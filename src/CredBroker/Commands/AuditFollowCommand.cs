using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Files;

namespace CredBroker.Commands;

/// <summary><c>audit follow</c>: until Ctrl-C, or until nobody reads any more.</summary>
internal static class AuditFollowCommand
{
    public static Command Create(string path, TimeProvider clock, Messages messages)
    {
        Option<string?> file = AuditCommand.FileOption;
        Option<bool> json = AuditCommand.JsonOption;
        AuditCommand.Filters filters = new();
        Command command = new("follow", "Print the audit's lines as they come, until Ctrl-C. Example: cred-broker audit follow --since 10m") { json, file };
        filters.AddTo(command, until: false);
        command.SetAction((parsed, cancellation) => filters.TryRead(parsed, clock.GetUtcNow(), out AuditFilter filter, out IReadOnlyList<string> problems)
            ? FollowAsync(Path.GetFullPath(parsed.GetValue(file) ?? path), filter, parsed.GetValue(json), cancellation)
            : Task.FromResult(messages.FailUsage(problems, "See cred-broker audit follow --help.")));
        return command;

        async Task<int> FollowAsync(string from, AuditFilter filter, bool asJson, CancellationToken cancellation)
        {
            using CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            try
            {
                await new AuditFollower(from, clock).FollowAsync(filter.Since is not null, row => AuditShowCommand.Print(row, filter, asJson, messages), StandardOutput.IsClosed, stopping.Token);
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

            void Stop(PosixSignalContext context)
            {
                context.Cancel = true;
                stopping.Cancel();
            }
        }
    }
}
