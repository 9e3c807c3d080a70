using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Commands;

namespace CredBroker.Tests;

/// <summary>A log that nobody reads must not stop the broker.</summary>
public sealed class LogQueueTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    [Theory]
    [InlineData(false, "cred-broker: warning: {0} lines of the log are missing here: standard error was not read")]
    [InlineData(true, """{{"time":"1970-01-01T00:00:00.000Z","level":"warning","id":24,"event":"LogLinesMissing","message":"{0} lines of the log are missing here: standard error was not read","lines":{0}}}""")]
    public async Task Who_logs_does_not_wait_and_what_was_dropped_is_told_in_the_form_of_the_rest(bool isJson, string told)
    {
        LogSettings settings = new() { Format = isJson ? LogFormat.Json : LogFormat.Text };
        using StuckWriter stuck = new();
        using LogQueue logs = new(stuck, dropped => LogLines.Missing(dropped, settings, Now));

        await Task.Run(() => { for (int line = 0; line < 3000; line++) logs.Add($"line {line}"); }).WaitAsync(Patience.Test);
        stuck.Release();
        await stuck.WaitForAsync(isJson ? """{"time":""" : "cred-broker: ").WaitAsync(Patience.Test);

        string[] lines = stuck.Lines;
        string[] logged = [.. lines.Where(line => line.StartsWith("line ", StringComparison.Ordinal))];
        Assert.Equal(Enumerable.Range(0, logged.Length).Select(line => $"line {line}"), logged);
        Assert.Equal(string.Format(CultureInfo.InvariantCulture, told, 3000 - logged.Length), lines[^1]);
    }

    [Fact]
    public void What_a_command_says_comes_after_what_was_logged_before()
    {
        using StringWriter error = new();
        using LogQueue logs = new(error, dropped => $"{dropped}");
        Messages messages = new(TextWriter.Null, error, logs);

        for (int line = 0; line < 100; line++) messages.LogJson($"{line}");
        messages.Error("the end");

        Assert.Equal([.. Enumerable.Range(0, 100).Select(line => $"{line}"), "cred-broker: error: the end", ""], error.ToString().Split('\n'));
    }

    /// <summary>Standard error as a pipe that is full, until it is read.</summary>
    private sealed class StuckWriter : TextWriter
    {
        private readonly ManualResetEventSlim _read = new();
        private readonly List<string> _lines = [];
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private string? _awaited;

        public override Encoding Encoding => Encoding.UTF8;

        public string[] Lines
        {
            get
            {
                lock (_lines) return [.. _lines];
            }
        }

        public void Release() => _read.Set();

        public Task WaitForAsync(string start)
        {
            lock (_lines)
            {
                _awaited = start;
                if (_lines.Exists(line => line.StartsWith(start, StringComparison.Ordinal))) _seen.TrySetResult();
            }

            return _seen.Task;
        }

        public override void Write(string? value)
        {
            _read.Wait();
            lock (_lines)
            {
                _lines.Add(value!.TrimEnd('\n'));
                if (_awaited is not null && value.StartsWith(_awaited, StringComparison.Ordinal)) _seen.TrySetResult();
            }
        }

        protected override void Dispose(bool disposing)
        {
            _read.Dispose();
            base.Dispose(disposing);
        }
    }
}
