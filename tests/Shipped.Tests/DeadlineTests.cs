using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>The deadline holds where something other than the broker stalls, too. (Brokers that stall are cases.)</summary>
public class DeadlineTests
{
    [Fact]
    public async Task Holds_when_the_parent_blocks_the_alarm()
    {
        await using ScriptedBroker broker = ScriptedBroker.Start(new BrokerPlay([], PlayEnd.Stall));

        ProcessResult result = await ProcessRun.RunAsync(
            ["/usr/bin/env", "--block-signal=ALRM", "--ignore-signal=ALRM", .. ShippedFiles.HelperCommand("linux-x64")],
            [new("AWS_CRED_URL", broker.Url), new("AWS_CRED_TOKEN", Sentinel.Token)]);

        Assert.Equal((1, "", "aws-cred: error: timed out after 10 s while waiting for the broker's answer\n"), result.All);
    }

    [Fact]
    public async Task Holds_when_the_connection_is_never_made()
    {
        // A backlog of nothing with a connection in it: the kernel drops all further attempts.
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using Socket first = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        await first.ConnectAsync(listener.LocalEndPoint!);

        ProcessResult result = await ProcessRun.RunAsync(
            ShippedFiles.HelperCommand("linux-x64"),
            [new("AWS_CRED_URL", $"http://{listener.LocalEndPoint}"), new("AWS_CRED_TOKEN", Sentinel.Token)]);

        Assert.Equal((1, "", $"aws-cred: error: timed out after 10 s while connecting to {listener.LocalEndPoint}\n"), result.All);
    }

    [Fact]
    public async Task Holds_when_the_token_file_is_a_pipe_that_nobody_writes_to()
    {
        string pipe = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Equal(0, (await ProcessRun.RunAsync(["/usr/bin/mkfifo", pipe], [])).ExitCode);
        try
        {
            ProcessResult result = await ProcessRun.RunAsync(
                ShippedFiles.HelperCommand("linux-x64"),
                [new("AWS_CRED_URL", "http://127.0.0.1:1"), new("AWS_CRED_TOKEN_FILE", pipe)]);

            Assert.Equal((1, "", "aws-cred: error: timed out after 10 s while reading the token file in AWS_CRED_TOKEN_FILE\n"), result.All);
        }
        finally
        {
            File.Delete(pipe);
        }
    }

    [Fact]
    public async Task Holds_when_nobody_reads_the_message_of_it()
    {
        await using ScriptedBroker broker = ScriptedBroker.Start(new BrokerPlay([], PlayEnd.Stall));
        const string Script = """
            mkfifo "$1/pipe" && exec 3<>"$1/pipe" && { dd if=/dev/zero of="$1/pipe" bs=4096 oflag=nonblock 2>/dev/null; shift; "$@" 2>&3; }
            """;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("aws-cred-pipe-");
        try
        {
            ProcessResult result = await ProcessRun.RunAsync(
                ["/bin/sh", "-c", Script, "sh", folder.FullName, .. ShippedFiles.HelperCommand("linux-x64")],
                [new("AWS_CRED_URL", broker.Url), new("AWS_CRED_TOKEN", Sentinel.Token), new("PATH", "/usr/bin:/bin")]);

            Assert.Equal((1, "", ""), result.All);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Holds_when_nobody_reads_the_credentials()
    {
        await using ScriptedBroker broker = ScriptedBroker.Start(BrokerPlay.Ok(Sentinel.Document));
        // A pipe that is full, with a reader that never reads: fills it without blocking, then runs the helper on it.
        const string Script = """
            mkfifo "$1/pipe" && exec 3<>"$1/pipe" && { dd if=/dev/zero of="$1/pipe" bs=4096 oflag=nonblock 2>/dev/null; shift; "$@" >&3; }
            """;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("aws-cred-pipe-");
        try
        {
            ProcessResult result = await ProcessRun.RunAsync(
                ["/bin/sh", "-c", Script, "sh", folder.FullName, .. ShippedFiles.HelperCommand("linux-x64")],
                [new("AWS_CRED_URL", broker.Url), new("AWS_CRED_TOKEN", Sentinel.Token), new("PATH", "/usr/bin:/bin")]);

            Assert.Equal((1, "", "aws-cred: error: timed out after 10 s while writing the credentials to standard output\n"), result.All);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
