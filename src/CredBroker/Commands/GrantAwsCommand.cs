using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Credentials;
using CredBroker.Grants;
using CredBroker.Sessions;

namespace CredBroker.Commands;

/// <summary><c>grant aws --role ARN</c>: checks everything, tries the role once, then stores the grant.</summary>
internal static class GrantAwsCommand
{
    public static Command Create(GrantFile grants, AssumeRole assumeRole, LogIn logIn, Func<AuditTrail> audit, Messages messages)
    {
        Option<string> role = new("--role") { HelpName = "ARN", Description = $"The role: {RoleArn.ValidValues}", Required = true };
        Option<string?> name = new("--name") { HelpName = "NAME", Description = "What to call the grant; 'default' if not given" };
        Option<string?> region = new("--region") { HelpName = "REGION", Description = "Where STS is asked, and COMMAND's region; the host's own if not given" };
        Option<string?> duration = new("--session-duration") { HelpName = "TIME", Description = $"How long credentials last: {SessionDuration.ValidValues}; 1h if not given" };
        Option<string?> externalId = new("--external-id") { HelpName = "ID", Description = "The external id that the role's trust policy asks for" };
        Option<string?> profile = new("--aws-profile") { HelpName = "PROFILE", Description = "The host's AWS profile that assumes the role; the SDK's usual chain if not given" };
        Option<bool> noVerify = new("--no-verify") { Description = "Store the grant without trying the role" };
        Command command = new("aws", "Grant an AWS role. Example: cred-broker grant aws --role arn:aws:iam::123456789012:role/reader") { role, name, region, duration, externalId, profile };
        ScopeOptions scope = new();
        foreach (Option option in scope.All) command.Add(option);
        command.Add(noVerify);
        command.SetAction((parsed, cancellation) =>
        {
            GrantDraft draft = new(parsed.GetValue(role)!, parsed.GetValue(name), parsed.GetValue(region), parsed.GetValue(duration), parsed.GetValue(externalId), parsed.GetValue(profile))
            {
                Scope = scope.Read(parsed, out string? unreadable),
            };
            return RunAsync(draft, unreadable, !parsed.GetValue(noVerify));
        });
        return command;

        async Task<int> RunAsync(GrantDraft draft, string? unreadable, bool verify)
        {
            bool isKnown;
            string? hostRegion;
            try
            {
                isKnown = draft.AwsProfile is null or "" || StsRoleAssumer.HasProfile(draft.AwsProfile);
                hostRegion = StsRoleAssumer.HostRegion(draft.AwsProfile);
            }
            catch (InvalidDataException e)
            {
                return messages.FailUsage([$"the host's AWS config or credentials file cannot be read: {e.Message}"], "Mend the file, or name another in AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE.");
            }

            bool isAccepted = draft.TryAccept(hostRegion, out Grant? grant, out IReadOnlyList<string> problems);
            if (!isKnown) problems = [.. problems, $"--aws-profile '{draft.AwsProfile}' is not in the host's AWS config and credentials files"];
            if (unreadable is not null) problems = [.. problems, unreadable];
            if (!isAccepted || !isKnown || unreadable is not null) return messages.FailUsage(problems, "Nothing has been stored. See cred-broker grant aws --help.");

            if (verify)
            {
                RoleRequest request = RoleRequest.For(grant!, "verify-" + Session.NewId());
                Failure? refusal = await logIn(request, CancellationToken.None) ?? (await assumeRole(request, CancellationToken.None)).Failure;
                if (refusal is not null)
                {
                    int exitCode = messages.Fail(refusal);
                    if (refusal.Detail is not null) messages.Hint($"In full: {refusal.Detail}");
                    messages.Hint("Nothing has been stored. With --no-verify the grant is stored without trying the role.");
                    return exitCode;
                }
            }

            await using AuditTrail trail = audit();
            if (await trail.OpenAsync(CancellationToken.None) is { } unwritable) return messages.Fail(unwritable);
            if (!grants.TryStore(grant!, out bool replaced, out Failure? failure)) return messages.Fail(failure!);
            messages.Result($"{(replaced ? "Replaced" : "Stored")} the grant '{grant!.Name}': {grant.RoleArn} in {grant.Region}, {SessionDuration.Format(grant.Duration)} a session{(verify ? "" : "; the role has not been tried")}.");
            messages.Result($"Use it: cred-broker run --grant aws{(grant.Name == Grant.DefaultName ? "" : "=" + grant.Name)} -- COMMAND");
            return await trail.RecordAsync(new AuditEvent(AuditKind.GrantStored, Grant: grant.Name, RoleArn: grant.RoleArn)) is { } unrecorded ? messages.Fail(unrecorded) : ExitCodes.Done;
        }
    }
}
