using System.CommandLine;
using System.Globalization;
using CredBroker.Payload;

namespace CredBroker.Commands;

/// <summary><c>helper list</c></summary>
internal static class HelperListCommand
{
    public static Command Create(Messages messages)
    {
        Command command = new("list", "List the helpers that this program carries: RID, size in bytes, SHA-256");
        command.SetAction(_ =>
        {
            foreach (string rid in EmbeddedHelpers.Rids)
            {
                messages.Result(string.Create(CultureInfo.InvariantCulture, $"{rid,-12}  {EmbeddedHelpers.Read(rid).Length,8}  {EmbeddedHelpers.RecordedHash(rid)}"));
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
