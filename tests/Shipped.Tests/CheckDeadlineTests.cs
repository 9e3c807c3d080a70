using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>A check that outlasts the run's 10 seconds: the report tells of it, and of all before it.</summary>
public class CheckDeadlineTests
{
    private const string Hint = "Something on the way does not answer: a name server, a firewall that drops packets, or the broker itself.";

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    public async Task A_broker_that_stalls_fails_its_own_check(string rid)
    {
        await using ScriptedBroker broker = ScriptedBroker.Start(new BrokerPlay([], PlayEnd.Stall) { IsRepeated = true });
        KeyValuePair<string, string>[] settings = [new("AWS_CRED_URL", broker.Url), new("AWS_CRED_TOKEN", Sentinel.Token)];

        ProcessResult[] results = await Task.WhenAll(
            ProcessRun.RunAsync([.. ShippedFiles.HelperCommand(rid), "--check"], settings),
            ProcessRun.RunAsync([.. ShippedFiles.HelperCommand(rid), "--check", "--json"], settings));

        Assert.All(results, result => Assert.Equal((1, ""), (result.ExitCode, result.Error)));
        string[] lines = results[0].Output.TrimEnd('\n').Split('\n');
        Assert.Equal(["[ OK ] settings", "[ OK ] url", "[ OK ] token", "[ OK ] name", "[ OK ] connection", "[SKIP] tls", "[FAIL] health", "       hint"], lines.Select(line => line.Split(':')[0]));
        Assert.StartsWith("[FAIL] health: timed out after 10 s while waiting for the broker's answer (", lines[^2], StringComparison.Ordinal);
        Assert.Equal($"       hint: {Hint}", lines[^1]);

        JsonElement report = JsonDocument.Parse(results[1].OutputBytes).RootElement;
        JsonElement[] checks = [.. report.GetProperty("checks").EnumerateArray()];
        Assert.False(report.GetProperty("ok").GetBoolean());
        Assert.Equal(["settings ok", "url ok", "token ok", "name ok", "connection ok", "tls skip", "health fail"], checks.Select(check => $"{check.GetProperty("name")} {check.GetProperty("result")}"));
        Assert.Equal(("timed out after 10 s while waiting for the broker's answer", Hint), (checks[^1].GetProperty("text").GetString(), checks[^1].GetProperty("hint").GetString()));
        Assert.All(results, result => Sentinel.AssertNotIn(result.OutputBytes));
    }

    [Theory]
    [InlineData("the file beside the program", "aws-cred.env", "settings", "while reading aws-cred.env")]
    [InlineData("the token's file", "token", "token", "while reading the token file in AWS_CRED_TOKEN_FILE")]
    public async Task A_file_that_nobody_writes_fails_the_first_check(string what, string file, string check, string step)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("aws-cred-fifo-");
        try
        {
            string helper = Path.Combine(folder.FullName, "aws-cred"), fifo = Path.Combine(folder.FullName, file);
            ShippedFiles.CopyHelper(helper);
            Assert.Equal((0, "", ""), (await ProcessRun.RunAsync(["/usr/bin/mkfifo", fifo], [])).All);
            KeyValuePair<string, string>[] settings = file == "token" ? [new("AWS_CRED_URL", "http://127.0.0.1:1"), new("AWS_CRED_TOKEN_FILE", fifo)] : [];

            ProcessResult[] results = await Task.WhenAll(ProcessRun.RunAsync([helper, "--check"], settings), ProcessRun.RunAsync([helper, "--check", "--json"], settings));

            Assert.All(results, result => Assert.Equal((what, 1, ""), (what, result.ExitCode, result.Error)));
            Assert.StartsWith($"[FAIL] {check}: timed out after 10 s {step}", results[0].Output, StringComparison.Ordinal);
            JsonElement report = JsonDocument.Parse(results[1].OutputBytes).RootElement;
            JsonElement only = Assert.Single(report.GetProperty("checks").EnumerateArray());
            Assert.Equal((ShippedFiles.Version, false), (report.GetProperty("version").GetString(), report.GetProperty("ok").GetBoolean()));
            Assert.Equal((check, "fail"), (only.GetProperty("name").GetString(), only.GetProperty("result").GetString()));
            Assert.StartsWith($"timed out after 10 s {step}", only.GetProperty("text").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_name_server_that_never_answers_fails_the_name()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("aws-cred-dns-");
        try
        {
            string resolver = Path.Combine(folder.FullName, "resolv.conf");
            await File.WriteAllTextAsync(resolver, "nameserver 127.0.0.1\noptions timeout:30\n");
            const string TakesQuestionsOnly = "use IO::Socket::INET; $^F = 10; my $s = IO::Socket::INET->new(Proto => 'udp', LocalAddr => '127.0.0.1:53') or die; exec { $ARGV[0] } @ARGV";
            string[] sandbox =
            [
                "/usr/bin/bwrap", "--unshare-user", "--unshare-net", "--uid", "0", "--cap-add", "CAP_NET_BIND_SERVICE", "--ro-bind", "/", "/", "--dev", "/dev", "--ro-bind", resolver, "/etc/resolv.conf",
                "/usr/bin/perl", "-e", TakesQuestionsOnly,
            ];

            ProcessResult result = await ProcessRun.RunAsync(
                [.. sandbox, .. ShippedFiles.HelperCommand("linux-x64"), "--check"], [new("AWS_CRED_URL", "http://broker.test"), new("AWS_CRED_TOKEN", Sentinel.Token)]);

            Assert.Equal((1, ""), (result.ExitCode, result.Error));
            Assert.Contains("\n[FAIL] name: timed out after 10 s while resolving broker.test (", result.Output, StringComparison.Ordinal);
            Assert.EndsWith($"\n       hint: {Hint}\n", result.Output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Nobody_who_reads_the_report_is_told_on_standard_error()
    {
        await using ScriptedBroker broker = ScriptedBroker.Start(new BrokerPlay([], PlayEnd.Stall));
        const string FillsThePipe = "use Fcntl; pipe(my $r, my $w); fcntl($w, F_SETFL, O_NONBLOCK | O_WRONLY); 1 while syswrite($w, 'x' x 4096); fcntl($w, F_SETFL, O_WRONLY); open(STDOUT, '>&', $w); $^F = 10; fcntl($r, F_SETFD, 0); exec { $ARGV[0] } @ARGV";

        ProcessResult result = await ProcessRun.RunAsync(
            ["/usr/bin/perl", "-e", FillsThePipe, .. ShippedFiles.HelperCommand("linux-x64"), "--check", "--json"],
            [new("AWS_CRED_URL", broker.Url), new("AWS_CRED_TOKEN", Sentinel.Token)]);

        Assert.Equal((1, "", "aws-cred: error: timed out after 10 s while waiting for the broker's answer\n"), result.All);
    }
}
