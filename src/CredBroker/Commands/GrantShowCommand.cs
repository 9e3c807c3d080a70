using System.CommandLine;
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

            messages.Result($"name              {grant!.Name}");
            messages.Result($"role              {grant.RoleArn}");
            messages.Result($"region            {grant.Region}");
            messages.Result($"session duration  {SessionDuration.Format(grant.Duration)}");
            messages.Result($"external id       {grant.ExternalId ?? "-"}");
            messages.Result($"aws profile       {grant.AwsProfile ?? "- (the SDK's usual chain)"}");
            return ExitCodes.Done;
        });
        return command;
    }
}
