using System.Collections.Generic;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>Standard streams in states that callers leave them in.</summary>
public class StreamTests
{
    private const string Printed = Sentinel.Document + "\n";

    [Theory]
    [InlineData("as they are", "", 0, Printed, "")]
    [InlineData("stdin closed", "<&-", 0, Printed, "")]
    [InlineData("stdin at its end", "</dev/null", 0, Printed, "")]
    [InlineData("stderr closed", "2>&-", 0, Printed, "")]
    [InlineData("stdin and stderr closed", "<&- 2>&-", 0, Printed, "")]
    [InlineData("stdout closed", ">&-", 1, "", "aws-cred: error: cannot write to standard output: it is closed\n")]
    [InlineData("stdin and stdout closed", "<&- >&-", 1, "", "aws-cred: error: cannot write to standard output: it is closed\n")]
    [InlineData("stdout and stderr closed", ">&- 2>&-", 1, "", "")]
    [InlineData("all closed", "<&- >&- 2>&-", 1, "", "")]
    [InlineData("stdout full", ">/dev/full", 1, "", "aws-cred: error: cannot write to standard output: no space is left\n")]
    [InlineData("stderr full", "2>/dev/full", 0, Printed, "")]
    public async Task Gets_on_with_its_streams(string how, string redirections, int exitCode, string output, string error)
    {
        foreach (string rid in (string[])["linux-x64", "linux-arm64"])
        {
            await using ScriptedBroker broker = ScriptedBroker.Start(BrokerPlay.Ok(Sentinel.Document));

            ProcessResult result = await ProcessRun.RunAsync(
                ["/bin/sh", "-c", $"exec \"$@\" {redirections}", "sh", .. ShippedFiles.HelperCommand(rid)], Settings(broker));

            Assert.Equal((how, rid, (exitCode, output, error)), (how, rid, result.All));
            Assert.Single(broker.Requests);
        }
    }

    [Theory]
    [InlineData("--help", ">&-", "cannot write to standard output: it is closed")]
    [InlineData("--version", ">/dev/full", "cannot write to standard output: no space is left")]
    [InlineData("--check", ">&-", "cannot write all of the report to standard output")]
    [InlineData("--check", ">/dev/full", "cannot write all of the report to standard output")]
    [InlineData("--check --json", ">/dev/full", "cannot write to standard output: no space is left")]
    public async Task Fails_where_nobody_gets(string arguments, string redirection, string error)
    {
        await using SchemeBroker broker = new("http");

        ProcessResult result = await ProcessRun.RunAsync(
            ["/bin/sh", "-c", $"exec \"$@\" {arguments} {redirection}", "sh", .. ShippedFiles.HelperCommand("linux-x64")], broker.Settings);

        Assert.Equal((arguments, (1, "", $"aws-cred: error: {error}\n")), (arguments, result.All));
    }

    [Fact]
    public async Task Tells_when_its_reader_has_gone()
    {
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedBroker broker = ScriptedBroker.Start(BrokerPlay.Ok(Sentinel.Document) with { Gate = gone.Task });
        using ProcessRun run = ProcessRun.Start(ShippedFiles.HelperCommand("linux-x64"), Settings(broker));
        run.AbandonOutput();
        gone.SetResult();

        ProcessResult result = await run.EndAsync(readOutput: false);

        Assert.Equal((1, "", "aws-cred: error: cannot write to standard output: nobody reads it any more\n"), result.All);
    }

    [Fact]
    public async Task Never_reads_its_standard_input()
    {
        await using ScriptedBroker broker = ScriptedBroker.Start(BrokerPlay.Ok(Sentinel.Document));
        const string ReadsOnAfterIt = "\"$@\" && cat";
        using ProcessRun run = ProcessRun.Start(
            ["/bin/sh", "-c", ReadsOnAfterIt, "sh", .. ShippedFiles.HelperCommand("linux-x64")], [.. Settings(broker), new("PATH", "/usr/bin:/bin")]);
        await run.Input.WriteAsync("for whom it may concern\n"u8.ToArray());
        run.Input.Close();

        ProcessResult result = await run.EndAsync();

        Assert.Equal((0, Printed + "for whom it may concern\n", ""), result.All);
    }

    [Fact]
    public async Task Waits_for_its_reader_when_the_caller_made_the_pipe_non_blocking()
    {
        TaskCompletionSource full = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedBroker broker = ScriptedBroker.Start(BrokerPlay.Ok(Sentinel.Document) with { Gate = full.Task });
        const string FillsThePipe = "use Fcntl; fcntl(STDOUT, F_SETFL, O_NONBLOCK | O_WRONLY); 1 while syswrite(STDOUT, 'x' x 4096); print STDERR qq(full\n); exec { $ARGV[0] } @ARGV";
        using ProcessRun run = ProcessRun.Start(["/usr/bin/perl", "-e", FillsThePipe, .. ShippedFiles.HelperCommand("linux-x64")], Settings(broker));
        await run.ErrorLineAsync();
        full.SetResult();
        await run.WaitsAsync();

        ProcessResult result = await run.EndAsync();

        Assert.Equal((0, Printed, ""), (result.ExitCode, result.Output.TrimStart('x'), result.Error));
    }

    private static IEnumerable<KeyValuePair<string, string>> Settings(ScriptedBroker broker) =>
        [new("AWS_CRED_URL", broker.Url), new("AWS_CRED_TOKEN", Sentinel.Token)];
}
