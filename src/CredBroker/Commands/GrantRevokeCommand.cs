using System;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Grants;

namespace CredBroker.Commands;

/// <summary><c>grant revoke NAME</c></summary>
internal static class GrantRevokeCommand
{
    public static Command Create(GrantFile grants, Func<AuditTrail> audit, Messages messages)
    {
        Argument<string> name = new("NAME") { Description = "The grant's name" };
        Command command = new("revoke", "Remove a grant: nobody gets it from the next request on") { name };
        command.SetAction((parsed, _) => RevokeAsync(parsed.GetValue(name)!));
        return command;

        async Task<int> RevokeAsync(string revoked)
        {
            // Says which grants there are when this one is not among them.
            if (!grants.TryFind(revoked, out _, out Failure? failure)) return messages.Fail(failure!.Code == "GrantNotFound" ? failure with { Hint = "See cred-broker grant list." } : failure);
            await using AuditTrail trail = audit();
            if (await trail.OpenAsync(CancellationToken.None) is { } unwritable) return messages.Fail(unwritable);
            if (!grants.TryRemove(revoked, out _, out failure)) return messages.Fail(failure!);
            messages.Result($"Revoked the grant '{revoked}'. Credentials that AWS has issued already last to their own end.");
            // It is revoked, whatever becomes of its line.
            return await trail.RecordAsync(new AuditEvent(AuditKind.GrantRevoked, Grant: revoked)) is { } unrecorded ? messages.Fail(unrecorded) : ExitCodes.Done;
        }
    }
}
