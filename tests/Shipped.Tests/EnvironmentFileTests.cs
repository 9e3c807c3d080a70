using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary><c>aws-cred.env</c> beside the helper, for programs that scrub the environment of their children.</summary>
public sealed class EnvironmentFileTests : IDisposable
{
    private const string Printed = Sentinel.Document + "\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aws-cred-env-");

    private string Helper => Path.Combine(_folder.FullName, "aws-cred");

    public EnvironmentFileTests() => ShippedFiles.CopyHelper(Helper);

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("plain", "AWS_CRED_URL={url}\nAWS_CRED_TOKEN={token}\n", "Bearer ")]
    [InlineData("comments, empty lines, CRLF, no end", "# ours\r\n\r\nAWS_CRED_URL={url}\r\nAWS_CRED_TOKEN={token}", "Bearer ")]
    [InlineData("the names of others", "AWS_CONTAINER_CREDENTIALS_FULL_URI={url}/v1/credentials\nAWS_CONTAINER_AUTHORIZATION_TOKEN={token}\n", "")]
    public async Task Serves_where_the_environment_is_empty(string how, string text, string scheme)
    {
        await using ScriptedBroker broker = ScriptedBroker.Start(BrokerPlay.Ok(Sentinel.Document));
        Write(text, broker);

        ProcessResult result = await ProcessRun.RunAsync([Helper], []);

        Assert.Equal((how, (0, Printed, "")), (how, result.All));
        Assert.Contains($"\r\nAuthorization: {scheme}{Sentinel.Token}\r\n", Assert.Single(broker.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("by a relative path", "cd \"$1\" && ./aws-cred")]
    [InlineData("by PATH", "PATH=\"$1\" && aws-cred")]
    [InlineData("by PATH, here", "cd \"$1\" && PATH=. && aws-cred")]
    public async Task Is_found_when_the_helper_is_called(string how, string script)
    {
        await using ScriptedBroker broker = ScriptedBroker.Start(BrokerPlay.Ok(Sentinel.Document));
        Write("AWS_CRED_URL={url}\nAWS_CRED_TOKEN={token}\n", broker);

        Assert.Equal((how, (0, Printed, "")), (how, (await ProcessRun.RunAsync(["/bin/sh", "-c", script, "sh", _folder.FullName], [])).All));
    }

    [Fact]
    public async Task Loses_to_the_environment()
    {
        await using ScriptedBroker broker = ScriptedBroker.Start(BrokerPlay.Ok(Sentinel.Document));
        await File.WriteAllTextAsync(Helper + ".env", "no line of it is even looked at\n");

        Assert.Equal((0, Printed, ""), (await ProcessRun.RunAsync([Helper], [new("AWS_CRED_URL", broker.Url), new("AWS_CRED_TOKEN", Sentinel.Token)])).All);
    }

    [Theory]
    [InlineData("a line without =", "AWS_CRED_URL=http://127.0.0.1:1\nSECRETSENTINEL\n", "line 2 is not NAME=value")]
    [InlineData("a line without a name", "\n=SECRETSENTINEL\n", "line 2 is not NAME=value")]
    [InlineData("a NUL", "AWS_CRED_URL=http://127.0.0.1:1\0\n", "it is not a text file")]
    public async Task Is_refused_with(string what, string text, string why)
    {
        Write(text, null);

        ProcessResult result = await ProcessRun.RunAsync([Helper], []);

        string hint = "aws-cred: hint: It holds lines like AWS_CRED_URL=http://127.0.0.1:8181; mend it or remove it.\n";
        Assert.Equal((what, (2, "", $"aws-cred: error: cannot use {_folder.FullName}/aws-cred.env: {why}\n{hint}")), (what, result.All));
    }

    [Fact]
    public async Task Too_long_is_refused()
    {
        Write(new string('#', 16 * 1024), null);

        Assert.Contains("aws-cred.env: it has 16 KiB or more\n", (await ProcessRun.RunAsync([Helper], [])).Error, StringComparison.Ordinal);
    }

    private void Write(string text, ScriptedBroker? broker) =>
        File.WriteAllText(Helper + ".env", text.Replace("{url}", broker?.Url, StringComparison.Ordinal).Replace("{token}", Sentinel.Token, StringComparison.Ordinal));
}
