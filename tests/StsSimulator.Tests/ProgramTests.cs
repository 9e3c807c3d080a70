using System;
using System.Diagnostics;
using System.IO;
using System.Net.Http;
using System.Threading.Tasks;

namespace StsSimulator.Tests;

public class ProgramTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "StsSimulator.dll");
    private static readonly string[] Good =
        [Program, "--account", StsUnderTest.Account, "--user", "alice", "--access-key-id", StsUnderTest.AccessKeyId, "--role", "deploy"];

    [Fact]
    public async Task Says_where_it_listens_and_ends_with_its_stdin()
    {
        // ASPNETCORE_URLS must have no say.
        using Process process = ChildProcess.Start(Environment.ProcessPath!, [.. Good, "--until-stdin-closes"],
            ("STS_SIMULATOR_SECRET_ACCESS_KEY", StsUnderTest.SecretAccessKey), ("ASPNETCORE_URLS", "http://0.0.0.0:1"), ("DOTNET_URLS", "http://0.0.0.0:1"));
        string? line = await process.StandardOutput.ReadLineAsync();
        Assert.Matches("^STS_SIMULATOR_URL=http://127\\.0\\.0\\.1:[0-9]+$", line);

        using HttpClient client = new();
        RequestSigner signer = new(StsUnderTest.AccessKeyId, StsUnderTest.SecretAccessKey) { Time = DateTimeOffset.UtcNow };
        using HttpRequestMessage request = signer.Post(new Uri(line!.Split('=')[1]), StsUnderTest.AssumeRole(("RoleArn", "arn:aws:iam::123456789012:role/deploy")));
        using HttpResponseMessage response = await client.SendAsync(request);
        StsReply reply = await StsReply.ReadAsync(response);
        Assert.Equal((200, "arn:aws:sts::123456789012:assumed-role/deploy/a-session"), (reply.Status, reply["Arn"]));

        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.Equal((0, "", ""), (process.ExitCode, await process.StandardOutput.ReadToEndAsync(), await process.StandardError.ReadToEndAsync()));
    }

    [Fact]
    public async Task Ends_with_2_and_one_line_when_called_wrongly()
    {
        using Process process = ChildProcess.Start(Environment.ProcessPath!, Good);
        await process.WaitForExitAsync();

        string error = await process.StandardError.ReadToEndAsync();
        Assert.Equal((2, ""), (process.ExitCode, await process.StandardOutput.ReadToEndAsync()));
        Assert.StartsWith("sts-simulator: error: STS_SIMULATOR_SECRET_ACCESS_KEY is not set; usage: ", error, StringComparison.Ordinal);
        Assert.Equal(error.Length - 1, error.IndexOf('\n', StringComparison.Ordinal));
    }
}
