using System.CommandLine;
using CredBroker.Grants;

namespace CredBroker.Commands;

/// <summary><c>grant revoke NAME</c></summary>
internal static class GrantRevokeCommand
{
    public static Command Create(GrantFile grants, Messages messages)
    {
        Argument<string> name = new("NAME") { Description = "The grant's name" };
        Command command = new("revoke", "Remove a grant: nobody gets it from the next request on") { name };
        command.SetAction(parsed =>
        {
            string revoked = parsed.GetValue(name)!;
            // Says which grants there are when this one is not among them.
            if (!grants.TryFind(revoked, out _, out Failure? failure)) return messages.Fail(failure!);
            if (!grants.TryRemove(revoked, out _, out failure)) return messages.Fail(failure!);
            messages.Result($"Revoked the grant '{revoked}'. Credentials that AWS has issued already last to their own end.");
            return ExitCodes.Done;
        });
        return command;
    }
}
