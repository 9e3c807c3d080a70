using System;
using System.Collections.Generic;
using CredBroker.Commands;
using Microsoft.Extensions.Logging;

namespace CredBroker;

/// <summary>The broker's log as lines on standard error, each with its level: for people, or as JSON for programs.</summary>
internal sealed class LogLines(Messages messages, LogSettings settings, TimeProvider clock) : ILogger
{
    public static readonly EventId MissingEvent = new(24, "LogLinesMissing");

    /// <summary>A stack is the longest that there is.</summary>
    private const int MaximumMessage = 8 * 1024;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= settings.Least && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        string message = LogJson.Bounded(formatter(state, exception), MaximumMessage);
        if (settings.Format == LogFormat.Json) messages.LogJson(LogJson.Line(clock.GetUtcNow(), logLevel, eventId, message, state as IReadOnlyList<KeyValuePair<string, object?>> ?? []));
        else messages.Log(logLevel, message);
    }

    /// <summary>In the place of lines that were dropped, in the form of the others.</summary>
    public static string Missing(long lines, LogSettings settings, DateTimeOffset now)
    {
        string message = $"{lines} lines of the log are missing here: standard error was not read";
        return settings.Format == LogFormat.Json
            ? LogJson.Line(now, LogLevel.Warning, MissingEvent, message, [new("Lines", lines)])
            : Messages.Line("warning", message);
    }
}
