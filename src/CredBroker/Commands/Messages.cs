using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.Extensions.Logging;

namespace CredBroker.Commands;

/// <summary>
/// All that the commands print. Results go to standard output; an error is one line on standard error, and a hint another.
/// </summary>
/// <param name="logs">Takes the log's lines; null: they are written at once.</param>
internal sealed class Messages(TextWriter output, TextWriter error, LogQueue? logs = null)
{
    private const string Program = "cred-broker";

    /// <exception cref="OutputException">Standard output does not take it.</exception>
    public void Result(string line)
    {
        try
        {
            output.Write(line + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(e);
        }
    }

    public int Fail(Failure failure)
    {
        Error(failure.Message);
        if (failure.Hint is not null) Hint(failure.Hint);
        return failure.ExitCode;
    }

    /// <summary>All problems of what somebody typed, each on its line.</summary>
    public int FailUsage(IEnumerable<string> problems, string hint)
    {
        foreach (string problem in problems) Error(problem);
        Hint(hint);
        return ExitCodes.Usage;
    }

    public void Error(string what) => Write(Line("error", what));

    public void Hint(string what) => Write(Line("hint", what));

    public void Warning(string what) => Write(Line("warning", what));

    /// <summary>A line of the broker's log.</summary>
    public void Log(LogLevel level, string text) => LogLine(Line(level switch { LogLevel.Warning => "warning", LogLevel.Error or LogLevel.Critical => "error", LogLevel.Information => "info", _ => "debug" }, text));

    /// <summary>A line of the broker's log that is JSON already.</summary>
    public void LogJson(string line) => LogLine(line);

    /// <summary>A line of standard error.</summary>
    public static string Line(string kind, string text) => $"{Program}: {kind}: {OneLine(text)}";

    private void LogLine(string line)
    {
        if (logs is null) Write(line);
        else logs.Add(line);
    }

    private void Write(string line)
    {
        // In the order in which it was said.
        logs?.Drain();
        try
        {
            error.Write(line + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Standard error is closed: there is nobody to tell.
        }
    }

    /// <summary>What AWS or a file said may hold what a terminal acts on.</summary>
    private static string OneLine(string text) => string.Concat(text.ReplaceLineEndings(" ").Select(c => char.IsControl(c) ? '?' : c));
}

/// <summary>Nobody takes what is printed.</summary>
internal sealed class OutputException(Exception cause) : IOException("cannot write to standard output: it is closed, or full", cause);
