using System;
using System.CommandLine;
using System.CommandLine.Invocation;
using Microsoft.Extensions.Logging;

namespace CredBroker.Commands;

/// <summary><c>--log-format</c> and <c>--log-level</c> of the commands that host a broker.</summary>
internal static class LogOptions
{
    private static readonly string[] Levels = ["trace", "debug", "information", "warning", "error"], Formats = ["text", "json"];

    /// <summary>Adds the options to a command; what they say holds before the command begins.</summary>
    /// <param name="usual">The level if none is given.</param>
    public static Command WithLog(this Command command, LogSettings settings, LogLevel usual)
    {
        Option<string?> format = new("--log-format") { HelpName = "FORMAT", Description = "The log on standard error as text or json; text if not given" };
        Option<string?> level = new("--log-level") { HelpName = "LEVEL", Description = $"The least that is logged: {string.Join(", ", Levels)}; {Levels[(int)usual]} if not given" };
        format.AcceptOnlyFromAmong(Formats);
        level.AcceptOnlyFromAmong(Levels);
        command.Options.Add(format);
        command.Options.Add(level);
        AsynchronousCommandLineAction run = (AsynchronousCommandLineAction)command.Action!;
        command.SetAction((parsed, cancellation) =>
        {
            settings.Format = (LogFormat)Array.IndexOf(Formats, parsed.GetValue(format) ?? Formats[0]);
            settings.Least = parsed.GetValue(level) is string given ? (LogLevel)Array.IndexOf(Levels, given) : usual;
            return run.InvokeAsync(parsed, cancellation);
        });
        return command;
    }
}
