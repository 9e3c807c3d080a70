using System.CommandLine;
using System.IO;
using System.Linq;
using CredBroker.Payload;

namespace CredBroker.Commands;

/// <summary><c>helper extract [--rid RID] [-o PATH]</c></summary>
internal static class HelperExtractCommand
{
    public static Command Create(Messages messages)
    {
        Option<string?> rid = new("--rid") { HelpName = "RID", Description = $"Which one: {string.Join(" or ", EmbeddedHelpers.Rids)}; this machine's if not given" };
        Option<string> path = new("--output", "-o") { HelpName = "PATH", Description = "Where to write it", DefaultValueFactory = _ => EmbeddedHelpers.FileName };
        Command command = new("extract", "Write aws-cred to a file, mode 0755. Example: cred-broker helper extract --rid linux-arm64 -o ./aws-cred") { rid, path };
        command.SetAction(parsed =>
        {
            string? wanted = parsed.GetValue(rid) ?? EmbeddedHelpers.ThisMachine;
            if (wanted is null || !EmbeddedHelpers.Rids.Contains(wanted)) return messages.FailUsage([$"--rid '{wanted}': there is no helper for it"], $"There are {string.Join(" and ", EmbeddedHelpers.Rids)}.");
            string target = parsed.GetValue(path)!;
            if (target.Length == 0) return messages.FailUsage(["--output is empty"], "See cred-broker helper extract --help.");
            if (Directory.Exists(target)) target = Path.Combine(target, EmbeddedHelpers.FileName);
            if (EmbeddedHelpers.Extract(wanted, target) is { } failure) return messages.Fail(failure);
            messages.Result($"{EmbeddedHelpers.RecordedHash(wanted)}  {target}");
            return ExitCodes.Done;
        });
        return command;
    }
}
