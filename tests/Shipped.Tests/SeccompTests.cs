using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>The x64 helper under a filter of exactly the system calls that README.md lists.</summary>
public sealed class SeccompTests : IDisposable
{
    private const string Printed = Sentinel.Document + "\n";
    private const int KilledBySigsys = 128 + 31;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aws-cred-seccomp-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("http", "http")]
    [InlineData("unix", "http")]
    [InlineData("https", "http", "https")]
    public async Task Gets_credentials_by_the_calls_of(string scheme, params string[] rows)
    {
        await using SchemeBroker broker = new(scheme);

        ProcessResult result = await RunAsync(rows.SelectMany(Documented), broker.Settings, (broker.Folder, broker.Folder));

        Assert.Equal((scheme, (0, Printed, "")), (scheme, result.All));
    }

    [Theory]
    [InlineData("a token in a file", "AWS_CRED_TOKEN_FILE", "/token", "")]
    [InlineData("the second address of localhost", "AWS_CRED_URL", "http://localhost:{port}", "")]
    [InlineData("asking again while the broker is down", "AWS_CRED_URL", "http://127.0.0.1:1", "cannot connect to the broker at 127.0.0.1:1: connection refused")]
    public async Task Needs_no_more_for(string what, string name, string value, string error)
    {
        await using ScriptedBroker broker = ScriptedBroker.Start(BrokerPlay.Ok(Sentinel.Document));
        Dictionary<string, string> settings = new() { ["AWS_CRED_URL"] = broker.Url, ["AWS_CRED_TOKEN"] = Sentinel.Token };
        settings[name] = value.Replace("{port}", $"{broker.Port}", StringComparison.Ordinal);

        ProcessResult result = await RunAsync(Documented("http"), settings, ("/token", Write("token", Sentinel.Token)));

        AssertOutcome(what, error, result);
    }

    [Theory]
    [InlineData("a name of /etc/hosts", "broker.test", "cannot connect to the broker at 127.0.0.1:1: connection refused")]
    [InlineData("a name for DNS", "other.test", "cannot resolve the broker's host other.test: no name server answers")]
    public async Task Resolves_by_the_calls_of_names(string what, string host, string error)
    {
        ProcessResult result = await RunAsync(
            [.. Documented("http"), .. Documented("names")],
            [new("AWS_CRED_URL", $"http://{host}:1"), new("AWS_CRED_TOKEN", Sentinel.Token)],
            ("/etc/hosts", Write("hosts", "127.0.0.1 broker.test\n")));

        AssertOutcome(what, error, result);
    }

    [Theory]
    [InlineData("sendto")]
    [InlineData("getrandom")]
    [InlineData("alarm")]
    public async Task Is_killed_where_the_filter_lacks(string name)
    {
        await using SchemeBroker broker = new("http");

        ProcessResult result = await RunAsync(Documented("http").Where(other => other != name), broker.Settings, (broker.Folder, broker.Folder));

        Assert.Equal((name, (KilledBySigsys, "", "")), (name, result.All));
    }

    /// <summary>The names in a row of README's table of system calls.</summary>
    private static string[] Documented(string row)
    {
        string line = File.ReadLines(Path.Combine(ShippedFiles.Root, "README.md")).Single(line => Regex.IsMatch(line, $"^\\| calls for {row}\\b"));
        return [.. line.Split('|')[2].Split(['`', ' '], StringSplitOptions.RemoveEmptyEntries)];
    }

    private async Task<ProcessResult> RunAsync(IEnumerable<string> calls, IEnumerable<KeyValuePair<string, string>> settings, (string Inside, string Outside) file)
    {
        string filter = Path.Combine(_folder.FullName, "filter");
        await File.WriteAllBytesAsync(filter, SeccompFilter.Allowing(calls));
        return await ProcessRun.RunAsync(new Sandbox { Environment = [.. settings], Files = [new(file.Inside, file.Outside)], SeccompFile = filter }.Command, []);
    }

    private static void AssertOutcome(string what, string error, ProcessResult result)
    {
        if (error.Length == 0) Assert.Equal((what, (0, Printed, "")), (what, result.All));
        else Assert.Equal((what, 1, "", $"aws-cred: error: {error}"), (what, result.ExitCode, result.Output, result.Error.Split('\n')[0]));
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
