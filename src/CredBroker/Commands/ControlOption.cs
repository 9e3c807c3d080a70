using System.CommandLine;
using System.IO;
using CredBroker.Files;

namespace CredBroker.Commands;

/// <summary><c>--control PATH</c> of the commands that speak with a broker.</summary>
internal static class ControlOption
{
    public static Option<string> Create(StatePaths paths) => new("--control") { HelpName = "PATH", Description = "The socket of the broker, where it is not the usual one", DefaultValueFactory = _ => paths.Control };

    public static ControlClient Connect(ParseResult parsed, Option<string> option) => new(Path.GetFullPath(parsed.GetValue(option) is { Length: > 0 } path ? path : "."));
}
