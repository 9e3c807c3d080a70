using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;

namespace CredBroker.Tests;

/// <summary>The broker's log, line by line, to look at and to wait for.</summary>
internal sealed class CollectedLog : ILogger
{
    private readonly Lock _lock = new();
    private readonly List<(LogLevel Level, string Text)> _lines = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _watchers = [];

    public BrokerLog Broker => new(this);

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock) return [.. _lines.Select(line => $"{line.Level}: {line.Text}")];
        }
    }

    public string Text => string.Join('\n', Lines);

    /// <summary>Done once there are this many lines. The cache writes one when a flight has landed and its result is in place.</summary>
    public Task WaitForLinesAsync(int count)
    {
        lock (_lock)
        {
            TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_lines.Count >= count) reached.SetResult();
            else _watchers.Add((count, reached));
            return reached.Task.WaitAsync(Patience.Test);
        }
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lock)
        {
            _lines.Add((logLevel, formatter(state, exception)));
            foreach ((int count, TaskCompletionSource reached) in _watchers)
            {
                if (_lines.Count >= count) reached.TrySetResult();
            }
        }
    }
}
