using System;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.IO;

namespace CredBroker.Commands;

/// <summary>The library's help, but for run's usage: the library would write COMMAND before the options, where it cannot stand.</summary>
internal sealed class HelpText : SynchronousCommandLineAction
{
    private const string LibrarysUsage = "run <COMMAND>... [options]";

    /// <summary>Help is asked for by whoever got the rest wrong.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        InvocationConfiguration configuration = parseResult.InvocationConfiguration;
        TextWriter output = configuration.Output;
        using StringWriter text = new();
        configuration.Output = text;
        int exitCode = new HelpAction().Invoke(parseResult);
        configuration.Output = output;
        output.Write(text.ToString().Replace(LibrarysUsage, RunCommand.Usage, StringComparison.Ordinal));
        return exitCode;
    }
}
