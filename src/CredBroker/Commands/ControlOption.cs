using System.CommandLine;
using System.IO;
using CredBroker.Files;

namespace CredBroker.Commands;

/// <summary><c>--control PATH</c> of the commands that speak with a broker.</summary>
internal static class ControlOption
{
    public static Option<string?> Create() => new("--control") { HelpName = "PATH", Description = "The socket of the broker, where it is not the usual one" };

    public static ControlClient Connect(ParseResult parsed, Option<string?> option, StatePaths paths) =>
        new(parsed.GetValue(option) is not { } path ? paths.Control : Path.GetFullPath(path.Length == 0 ? "." : path));
}
