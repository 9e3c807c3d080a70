using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.Json;
using System.Threading.Tasks;
using CredBroker.Commands;
using Microsoft.Extensions.Logging;
using Shipped.Tests;
using StsSimulator.Tests;

namespace CredBroker.Tests;

/// <summary>The log as people and programs get it.</summary>
public sealed class LogTests : IDisposable
{
    private readonly StringWriter _error = new();
    private readonly LogSettings _settings = new() { Least = LogLevel.Trace };

    public void Dispose() => _error.Dispose();

    [Fact]
    public void Text()
    {
        LogAll(LogFormat.Text);
        Snapshot.Match(_error.ToString());
    }

    [Fact]
    public void Json()
    {
        LogAll(LogFormat.Json);
        foreach (string line in _error.ToString().Split('\n')[..^1]) JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false }).Dispose();
        Snapshot.Match(_error.ToString());
    }

    [Fact]
    public void Each_event_has_a_number_of_its_own()
    {
        int[] numbers = [.. typeof(BrokerLog).GetMethods().SelectMany(method => method.GetCustomAttributes<LoggerMessageAttribute>()).Select(message => message.EventId), LogLines.MissingEvent.Id];

        Assert.True(numbers.Length > 20);
        Assert.Empty(numbers.GroupBy(number => number).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [Theory]
    [InlineData(LogFormat.Text)]
    [InlineData(LogFormat.Json)]
    public void A_value_of_any_size_with_any_characters_is_one_line_that_is_not_long(object format)
    {
        _settings.Format = (LogFormat)format;
        new BrokerLog(Lines).RequestRefused("/\n\u001b[31m\u2028" + new string('x', 100_000), "NotFound");

        string line = Assert.Single(_error.ToString().Split('\n')[..^1]);
        Assert.True(line.Length < 20_000);
        Assert.DoesNotContain('\u001b', line);
    }

    [Theory]
    [InlineData(LogLevel.Trace, 4)]
    [InlineData(LogLevel.Information, 4)]
    [InlineData(LogLevel.Warning, 3)]
    [InlineData(LogLevel.Error, 1)]
    public void Less_than_the_level_is_not_logged(LogLevel least, int lines)
    {
        _settings.Least = least;
        LogAll(LogFormat.Json);

        Assert.Equal(lines, _error.ToString().Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("run, if nothing is given", LogLevel.Warning, LogFormat.Text, "run", "--grant", "aws", "--", "true")]
    [InlineData("serve, if nothing is given", LogLevel.Information, LogFormat.Text, "serve", "--grant", "aws", "--token-file", "t")]
    [InlineData("serve, as it is given", LogLevel.Error, LogFormat.Json, "serve", "--grant", "aws", "--token-file", "t", "--log-level", "error", "--log-format", "json")]
    public async Task Settings_of(string why, LogLevel least, object format, params string[] arguments)
    {
        using CommandUnderTest test = new();
        LogSettings settings = new();
        await test.RunAsync(settings, arguments); // there is no grant: it ends at once

        Assert.Equal((why, least, (LogFormat)format), (why, settings.Least, settings.Format));
    }

    [Theory]
    [InlineData("--log-level", "loud", "information")]
    [InlineData("--log-format", "xml", "json")]
    public async Task A_setting_that_there_is_not(string option, string value, string known)
    {
        using CommandUnderTest test = new();
        CommandEnd end = await test.RunAsync("run", "--grant", "aws", option, value, "--", "true");

        Assert.Equal((2, ""), (end.ExitCode, end.Output));
        Assert.Contains($"'{value}'", end.Error, StringComparison.Ordinal);
        Assert.Contains(known, end.Error, StringComparison.Ordinal);
    }

    private LogLines Lines => new(new Messages(TextWriter.Null, _error), _settings, new FakeClock());

    private void LogAll(LogFormat format)
    {
        _settings.Format = format;
        BrokerLog log = new(Lines);
        log.Listening("http://127.0.0.1:8080");
        log.Refused(Some.Role, "cred-broker-abc", "AccessDenied", "AWS says\nno", "in full");
        log.AuditTailRecovered("/home/me/audit.jsonl", 100);
        log.RequestFailed("a bug");
    }
}
