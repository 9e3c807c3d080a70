using System.CommandLine;
using System.Net.Http;
using CredBroker.Files;
using CredBroker.Sessions;

namespace CredBroker.Commands;

/// <summary><c>session revoke ID</c></summary>
internal static class SessionRevokeCommand
{
    public static Command Create(StatePaths paths, Messages messages)
    {
        Argument<string> id = new("ID") { Description = "The session's id, as session list has it" };
        Option<string?> control = ControlOption.Create();
        Command command = new("revoke", "End a session: its token opens nothing from the next request on") { id, control };
        command.SetAction(async (parsed, _) =>
        {
            string revoked = parsed.GetValue(id)!;
            if (!Session.IsId(revoked)) return messages.FailUsage(["ID is not a session's: those are 12 lower-case letters and digits"], "See cred-broker session list.");
            using ControlClient broker = ControlOption.Connect(parsed, control, paths);
            ControlAnswer answer = await broker.SendAsync(HttpMethod.Delete, "/v1/sessions/" + revoked);
            if (answer.Failure is { } failure) return messages.Fail(failure);
            messages.Result($"Revoked the session '{revoked}'. Credentials that AWS has issued already last to their own end.");
            return ExitCodes.Done;
        });
        return command;
    }
}
