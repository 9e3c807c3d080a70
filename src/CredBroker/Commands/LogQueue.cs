using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace CredBroker.Commands;

/// <summary>
/// The log's lines on their way to standard error, written by a thread of their own: whoever reads it too slowly, or not at all, stops the log and not the broker.
/// What is beyond the room is dropped, and a line says how many.
/// </summary>
/// <param name="missing">The line that says how many were dropped.</param>
internal sealed class LogQueue(TextWriter error, Func<long, string> missing) : IDisposable
{
    private const int MostWaiting = 1024;

    /// <summary>At the end, and before what a command says itself: a reader that is there has read by then.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(1);

    private readonly object _gate = new(); // a monitor: the writer waits on it, and so does who drains
    private readonly Queue<string> _lines = [];
    private Thread? _writer;
    private long _dropped;
    private bool _isWriting, _isEnding;

    public void Add(string line)
    {
        lock (_gate)
        {
            if (_isEnding) return;
            // Once one is dropped, all are until the rest is written: the line that says so stands in their place.
            if (_dropped > 0 || _lines.Count >= MostWaiting)
            {
                _dropped++;
                return;
            }

            _lines.Enqueue(line);
            Monitor.PulseAll(_gate);
            if (_writer is not null) return;
            Thread writer = new(WriteAll) { IsBackground = true, Name = "log" };
            writer.Start();
            _writer = writer;
        }
    }

    /// <summary>Returns when all is written, or the reader has been waited for long enough.</summary>
    public void Drain()
    {
        long started = TimeProvider.System.GetTimestamp();
        lock (_gate)
        {
            while (_lines.Count > 0 || _isWriting)
            {
                TimeSpan left = DrainLimit - TimeProvider.System.GetElapsedTime(started);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left)) return;
            }
        }
    }

    public void Dispose()
    {
        Drain();
        lock (_gate)
        {
            _isEnding = true;
            Monitor.PulseAll(_gate);
        }

        // A thread that the reader holds ends with the process.
    }

    private void WriteAll()
    {
        while (true)
        {
            string line;
            lock (_gate)
            {
                _isWriting = false;
                Monitor.PulseAll(_gate);
                while (_lines.Count == 0 && !_isEnding) Monitor.Wait(_gate);
                if (_lines.Count == 0) return;
                line = _lines.Dequeue();
                // In the place of those that were dropped, which would come now.
                if (_lines.Count == 0 && _dropped > 0)
                {
                    _lines.Enqueue(missing(_dropped));
                    _dropped = 0;
                }

                _isWriting = true;
            }

            try
            {
                error.Write(line + "\n");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Standard error is closed: there is nobody to tell.
            }
        }
    }
}
