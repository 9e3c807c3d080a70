using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary><c>aws-cred --check</c>, as someone types it in a container where nothing works.</summary>
public sealed partial class CheckTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aws-cred-check-");

    private string Config => Path.Combine(_folder.FullName, "config");

    public CheckTests() => WriteConfig(ShippedFiles.Helper("linux-x64"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    public async Task Says_that_all_is_well(string rid)
    {
        await using ScriptedBroker broker = ScriptedBroker.Start(Healthy, BrokerPlay.Ok(Sentinel.Document));

        ProcessResult result = await RunAsync(rid, broker.Url);

        string[] expected =
        [
            "[ OK ] settings: AWS_CRED_URL and AWS_CRED_TOKEN from the environment",
            $"[ OK ] url: {broker.Url}",
            "[ OK ] token: 31 bytes, SHA-256 begins *",
            $"[ OK ] name: 127.0.0.1:{broker.Port}",
            "[ OK ] connection: made",
            "[SKIP] tls: plain http to an address of the user's own networks",
            "[ OK ] health: /healthz answered 200",
            "[ OK ] credentials: key ending in MPLE, until 2099-01-01T00:00:00Z, * minutes left",
            "[SKIP] clock: the broker does not tell its time",
            "[ OK ] environment: no variable that beats the helper is set",
            $"[ OK ] aws config: {Config}: the profile default names {ShippedFiles.Helper("linux-x64")}",
        ];
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(expected, Lines(result));
        Assert.StartsWith("GET /healthz HTTP/1.1\r\n", broker.Requests[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", broker.Requests[0], StringComparison.Ordinal);
        Sentinel.AssertNotIn(result.OutputBytes);
    }

    [Fact]
    public async Task Json_is_one_object_of_the_same()
    {
        await using ScriptedBroker broker = ScriptedBroker.Start(Healthy, BrokerPlay.Ok(Sentinel.Document));

        ProcessResult result = await RunAsync("linux-x64", broker.Url, ["--json"]);

        JsonElement report = JsonDocument.Parse(result.OutputBytes).RootElement;
        Assert.Equal((0, "", true), (result.ExitCode, result.Error, report.GetProperty("ok").GetBoolean()));
        Assert.Equal((ShippedFiles.Version, "linux-x64"), (report.GetProperty("version").GetString(), report.GetProperty("rid").GetString()));
        Assert.Equal(
            ["settings ok", "url ok", "token ok", "name ok", "connection ok", "tls skip", "health ok", "credentials ok", "clock skip", "environment ok", "aws config ok"],
            report.GetProperty("checks").EnumerateArray().Select(check => $"{check.GetProperty("name").GetString()} {check.GetProperty("result").GetString()}"));
        Assert.All(report.GetProperty("checks").EnumerateArray(), check => Assert.True(check.GetProperty("milliseconds").GetDouble() >= 0 && check.GetProperty("text").GetString()!.Length > 0));
        Sentinel.AssertNotIn(result.OutputBytes);
    }

    public static TheoryData<string, string, string[]> Failures => new()
    {
        { "a wrong token", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", ["[FAIL] credentials: the broker does not accept the token (401)", "       hint: The session may have ended: start the command again with cred-broker run, or set a new AWS_CRED_TOKEN."] },
        { "a token repeated by the broker", $"HTTP/1.1 403 Forbidden\r\nContent-Length: {Sentinel.Token.Length + 14}\r\n\r\n{{\"message\":\"{Sentinel.Token}\"}}", ["[FAIL] credentials: the broker answered 403: *******************************", "       hint: The broker's log says why."] },
        { "no JSON", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>", ["[FAIL] credentials: the broker's answer is not JSON: its content type is text/html", "       hint: Something else than a credential broker answers there; check AWS_CRED_URL."] },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Says_what_is_wrong_with_the_answer(string what, string answer, string[] lines)
    {
        await using ScriptedBroker broker = ScriptedBroker.Start(Healthy, new BrokerPlay(System.Text.Encoding.ASCII.GetBytes(answer), PlayEnd.Close));

        ProcessResult result = await RunAsync("linux-x64", broker.Url);

        Assert.Equal((what, 1, ""), (what, result.ExitCode, result.Error));
        Assert.Equal(lines, Lines(result).SkipWhile(line => !line.StartsWith("[FAIL]", StringComparison.Ordinal)).Take(lines.Length));
        Sentinel.AssertNotIn(result.OutputBytes);
    }

    [Fact]
    public async Task Warns_where_SDKs_would_ask_on_every_call_and_tells_the_clocks_apart()
    {
        string soon = DateTimeOffset.UtcNow.AddMinutes(10).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        string date = DateTimeOffset.UtcNow.AddHours(-1).ToString("r", System.Globalization.CultureInfo.InvariantCulture);
        BrokerPlay late = new(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 404 Not Found\r\nDate: {date}\r\nContent-Length: 0\r\n\r\n"), PlayEnd.Close);
        await using ScriptedBroker broker = ScriptedBroker.Start(late, BrokerPlay.Ok(Sentinel.Document.Replace("2099-01-01T00:00:00Z", soon, StringComparison.Ordinal)));

        ProcessResult result = await RunAsync("linux-x64", broker.Url, [], ("AWS_ACCESS_KEY_ID", "x"), ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1"));

        string[] lines = Lines(result);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("[WARN] health: /healthz answered 404", lines);
        Assert.Contains("       hint: Below 15 minutes boto3 and the .NET SDK ask the broker on every call; the broker's log says why it has no newer ones.", lines);
        Assert.Matches(@"\[FAIL\] clock: 3[56]\d\d s ahead of the broker", result.Output);
        Assert.Contains("[WARN] environment: AWS_ACCESS_KEY_ID is set, AWS_CONTAINER_CREDENTIALS_FULL_URI is set", lines);
    }

    [Theory]
    [InlineData("no settings", null, "[FAIL] settings: no broker is configured: AWS_CRED_URL is not set")]
    [InlineData("a URL that is none", "ftp://x", "[FAIL] url: the broker's URL does not begin with http://, https:// or unix://")]
    [InlineData("a broker that is down", "http://127.0.0.1:1", "[FAIL] connection: cannot connect to the broker at 127.0.0.1:1: connection refused")]
    [InlineData("a socket that is not there", "unix:///nosuch.sock", "[FAIL] connection: cannot connect to the broker's socket /nosuch.sock: there is no such socket")]
    public async Task Stops_asking_at(string what, string? url, string line)
    {
        ProcessResult result = await RunAsync("linux-x64", url);

        Assert.Equal((what, 1, ""), (what, result.ExitCode, result.Error));
        Assert.Contains(line, Lines(result));
        Assert.Contains(Lines(result), other => other.StartsWith("[ OK ] aws config: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("another profile", "[profile other]\ncredential_process = /bin/true\n", ": the profile default has no credential_process")]
    [InlineData("a relative path", "[default]\ncredential_process = aws-cred\n", ": the profile default names aws-cred, which is not a whole path")]
    [InlineData("a tilde", "[default]\ncredential_process = ~/aws-cred\n", ": the profile default names ~/aws-cred, which is not a whole path")]
    [InlineData("a path that is not there", "[default]\ncredential_process = \"/no such/aws-cred\" --grant x\n", ": the profile default names /no such/aws-cred, which is not a program here")]
    [InlineData("a file that is no program", "[default]\ncredential_process=/etc/passwd\n", ": the profile default names /etc/passwd, which is not a program here")]
    public async Task Says_what_is_wrong_with_the_config(string what, string config, string text)
    {
        await File.WriteAllTextAsync(Config, config);

        ProcessResult result = await RunAsync("linux-x64", "http://127.0.0.1:1");

        string hint = $"       hint: It needs, under its profile: credential_process = {ShippedFiles.Helper("linux-x64")}";
        Assert.Equal((what, $"[FAIL] aws config: {Config}{text}", hint), (what, Lines(result)[^2], Lines(result)[^1]));
    }

    public static TheoryData<string, string, string, string> OddConfigs => new()
    {
        { "another program", "[default]\ncredential_process = /bin/true\n", "[WARN]", "the profile default names /bin/true, which is another program" },
        { "a directory", "[default]\ncredential_process = /usr/bin\n", "[FAIL]", "the profile default names /usr/bin, which is a directory" },
        { "given twice", $"[default]\ncredential_process = {ShippedFiles.Helper("linux-x64")}\ncredential_process = /nosuch/aws-cred\n", "[FAIL]", "the profile default names /nosuch/aws-cred, which is not a program here" },
        { "more than 64 KiB", $"[default]\ncredential_process = {ShippedFiles.Helper("linux-x64")}\n{new string('#', 65536)}\n", "[WARN]", "more than 64 KiB, too long to look at" },
    };

    [Theory]
    [MemberData(nameof(OddConfigs))]
    public async Task Sees_that_the_config_cannot_work(string what, string config, string verdict, string text)
    {
        await File.WriteAllTextAsync(Config, config);

        ProcessResult result = await RunAsync("linux-x64", "http://127.0.0.1:1");

        string hint = $"       hint: It needs, under its profile: credential_process = {ShippedFiles.Helper("linux-x64")}";
        Assert.Equal((what, $"{verdict} aws config: {Config}: {text}", hint), (what, Lines(result)[^2], Lines(result)[^1]));
    }

    [Theory]
    [InlineData("[prof]", "[FAIL]", ": the profile prof has no credential_process: SDKs pass over its section [prof], which must be [profile prof]")]
    [InlineData("[profile prof]", "[ OK ]", ": the profile prof names {helper}")]
    [InlineData("[profile \"prof\"]", "[ OK ]", ": the profile prof names {helper}")]
    [InlineData("[profile prof]\naws_access_key_id = x", "[WARN]", ": the profile prof names {helper}, and holds aws_access_key_id, too")]
    [InlineData("[default]\naws_access_key_id = x\n[profile prof]", "[ OK ]", ": the profile prof names {helper}")]
    public async Task Looks_at_the_profile_as_SDKs_do(string section, string verdict, string text)
    {
        string helper = ShippedFiles.Helper("linux-x64");
        await File.WriteAllTextAsync(Config, $"{section}\ncredential_process = {helper}\t--grant x\n");

        ProcessResult result = await RunAsync("linux-x64", "http://127.0.0.1:1", [], ("AWS_PROFILE", "prof"), ("HOME", _folder.FullName), ("AWS_CONFIG_FILE", "~/config"));

        Assert.Contains($"{verdict} aws config: {Config}{text.Replace("{helper}", helper, StringComparison.Ordinal)}", Lines(result));
    }

    [Fact]
    public async Task Tells_of_TLS()
    {
        using Certificates certificates = new();
        string bundle = Path.Combine(_folder.FullName, "ca.pem");
        await File.WriteAllTextAsync(bundle, certificates.AuthorityPem);
        using X509Certificate2 certificate = certificates.For("localhost", IPAddress.Loopback, -1, 3);
        await using TransportBroker broker = TransportBroker.Tls(certificate);

        ProcessResult result = await RunAsync("linux-x64", $"https://127.0.0.1:{broker.Port}", [], ("AWS_CRED_CA_FILE", bundle));

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains(Lines(result), line => line is "[WARN] tls: TLSv1.3, certificate by /CN=Test CA, good for 2 more days" or "[WARN] tls: TLSv1.3, certificate by /CN=Test CA, good for 3 more days");
        Assert.Contains("       hint: Renew the broker's certificate soon.", Lines(result));
    }

    private static BrokerPlay Healthy => BrokerPlay.Ok("{\"status\":\"ok\"}");

    private Task<ProcessResult> RunAsync(string rid, string? url, string[]? arguments = null, params (string Name, string Value)[] more)
    {
        Dictionary<string, string> environment = new() { ["AWS_CRED_TOKEN"] = Sentinel.Token, ["AWS_CONFIG_FILE"] = Config };
        if (url is not null) environment["AWS_CRED_URL"] = url;
        foreach ((string name, string value) in more) environment[name] = value;
        return ProcessRun.RunAsync([.. ShippedFiles.HelperCommand(rid), "--check", .. arguments ?? []], environment);
    }

    private void WriteConfig(string program) => File.WriteAllText(Config, $"[default]\ncredential_process = {program}\nregion = us-east-1\n");

    /// <summary>Without what differs from run to run: times, fingerprint, minutes.</summary>
    private static string[] Lines(ProcessResult result) =>
        [.. result.Output.TrimEnd('\n').Split('\n').Select(line => Varying().Replace(line, match => match.Groups["kept"].Value + "*" + match.Groups["end"].Value)).Select(line => Times().Replace(line, ""))];

    [GeneratedRegex(@" \(\d+\.\d ms\)$")]
    private static partial Regex Times();

    [GeneratedRegex(@"(?<kept>begins )[0-9a-f]{8}(?<end>)|(?<kept>Z, )\d+(?<end> minutes left)")]
    private static partial Regex Varying();
}
