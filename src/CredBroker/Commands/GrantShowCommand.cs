using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Text.Json;
using CredBroker.Grants;

namespace CredBroker.Commands;

/// <summary><c>grant show NAME [--json]</c></summary>
internal static class GrantShowCommand
{
    public static Command Create(GrantFile grants, Messages messages)
    {
        Argument<string> name = new("NAME") { Description = "The grant's name" };
        Option<bool> json = new("--json") { Description = "Print a JSON object" };
        Command command = new("show", "Show one grant") { name, json };
        command.SetAction(parsed =>
        {
            if (!grants.TryFind(parsed.GetValue(name)!, out Grant? grant, out Failure? failure)) return messages.Fail(failure!);
            if (parsed.GetValue(json))
            {
                messages.Result(JsonSerializer.Serialize(grant!, GrantJson.Default.Grant));
                return ExitCodes.Done;
            }

            foreach ((string label, string value) in Lines(grant!)) messages.Result($"{label,-19}  {value}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static IEnumerable<(string Label, string Value)> Lines(Grant grant)
    {
        yield return ("name", grant.Name);
        yield return ("role", grant.RoleArn);
        yield return ("region", grant.Region);
        yield return ("session duration", SessionDuration.Format(grant.Duration));
        yield return ("external id", grant.ExternalId ?? "-");
        yield return ("aws profile", grant.AwsProfile ?? "- (the SDK's usual chain)");
        if (grant.Preset is not null) yield return ("preset", grant.Preset);
        yield return ("session policy", grant.SentPolicy ?? "- (all that the role may do)");
        foreach (string arn in grant.PolicyArns ?? Enumerable.Empty<string>()) yield return ("policy arn", arn);
        foreach (SessionTag tag in grant.Tags ?? Enumerable.Empty<SessionTag>()) yield return (grant.TransitiveTagKeys?.Contains(tag.Key) == true ? "tag, transitive" : "tag", tag.ToString());
        yield return ("source identity", grant.SourceIdentity ?? "-");
        yield return ("session name prefix", grant.SessionNamePrefix ?? $"{SessionName.DefaultPrefix} (the default)");
        yield return ("mfa device", grant.MfaSerial ?? "-");
    }
}
