using System;
using CredBroker.Commands;
using Microsoft.Extensions.Logging;

namespace CredBroker;

/// <summary>The broker's log as lines on standard error, each with its level.</summary>
internal sealed class LogLines(Messages messages, LogLevel least) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) messages.Log(logLevel, formatter(state, exception));
    }
}
