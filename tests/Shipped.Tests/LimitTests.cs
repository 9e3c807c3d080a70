using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>The helper within limits that are far below what other programs need.</summary>
public class LimitTests
{
    /// <summary>Limits of prlimit(1), in bytes or descriptors. Those of memory would limit qemu and not the helper.</summary>
    [Theory]
    [InlineData("64 KiB of stack", "--stack=65536", "http")]
    [InlineData("64 KiB of stack", "--stack=65536", "unix")]
    [InlineData("64 KiB of stack", "--stack=65536", "https")]
    [InlineData("16 MiB of address space", "--as=16777216", "http")]
    [InlineData("16 MiB of address space", "--as=16777216", "unix")]
    [InlineData("16 MiB of address space", "--as=16777216", "https")]
    [InlineData("1 MiB of data", "--data=1048576", "http")]
    [InlineData("one descriptor beside the standard streams", "--nofile=4", "http")]
    [InlineData("one descriptor beside the standard streams", "--nofile=4", "unix")]
    [InlineData("two: the CA bundle is read while the connection is open", "--nofile=5", "https")]
    [InlineData("no further process", "--nproc=0", "https")]
    public async Task Gets_credentials_within(string what, string limit, string scheme)
    {
        await using SchemeBroker broker = new(scheme);

        ProcessResult result = await ProcessRun.RunAsync(["/usr/bin/prlimit", limit, .. ShippedFiles.HelperCommand("linux-x64")], broker.Settings);

        Assert.Equal((what, (0, Sentinel.Document + "\n", "")), (what, result.All));
    }

    /// <summary>The limit is one of regular files: pipes know none.</summary>
    [Theory]
    [InlineData("linux-x64", "a run", "", "> out", "aws-cred: error: cannot write to standard output: the file may not grow so large (ulimit -f)\n")]
    [InlineData("linux-arm64", "a run", "", "> out", "aws-cred: error: cannot write to standard output: the file may not grow so large (ulimit -f)\n")]
    [InlineData("linux-x64", "a run that cannot say it either", "", "> out 2>&1", "")]
    [InlineData("linux-x64", "a check in JSON", "--check --json", "> out", "aws-cred: error: cannot write to standard output: the file may not grow so large (ulimit -f)\n")]
    public async Task Fails_without_a_signal_where_no_file_may_be_written(string rid, string what, string arguments, string redirections, string error)
    {
        await using SchemeBroker broker = new("http");
        string command = $"cd '{broker.Folder}' && ulimit -f 0 && \"$@\" {arguments} {redirections}; echo \"exit $?, $(wc -c < out) bytes\"";

        ProcessResult result = await ProcessRun.RunAsync(["/bin/sh", "-c", command, "sh", .. ShippedFiles.HelperCommand(rid)], [.. broker.Settings, new("PATH", "/usr/bin:/bin")]);

        Assert.Equal((rid, what, (0, "exit 1, 0 bytes\n", error)), (rid, what, result.All));
    }

    [Fact]
    public async Task Checks_within_64_KiB_of_stack()
    {
        await using SchemeBroker broker = new("https");

        ProcessResult result = await ProcessRun.RunAsync(["/usr/bin/prlimit", "--stack=65536", .. ShippedFiles.HelperCommand("linux-x64"), "--check"], broker.Settings);

        Assert.Contains("[ OK ] credentials: ", result.Output, System.StringComparison.Ordinal);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task Gets_credentials_on_arm64_within_64_KiB_of_stack(string scheme)
    {
        await using SchemeBroker broker = new(scheme);

        ProcessResult result = await ProcessRun.RunAsync(["/usr/bin/qemu-aarch64-static", "-s", "65536", ShippedFiles.Helper("linux-arm64")], broker.Settings);

        Assert.Equal((scheme, (0, Sentinel.Document + "\n", "")), (scheme, result.All));
    }

    [Theory]
    [InlineData("linux-x64", "http")]
    [InlineData("linux-x64", "unix")]
    [InlineData("linux-x64", "https")]
    [InlineData("linux-arm64", "http")]
    public async Task Gets_credentials_with_an_environment_of_1_MiB(string rid, string scheme)
    {
        await using SchemeBroker broker = new(scheme);
        const int OneVariable = 100_000; // the kernel takes 128 KiB
        IEnumerable<KeyValuePair<string, string>> large = Enumerable.Range(0, 10).Select(i => KeyValuePair.Create($"LARGE_{i}", new string('x', OneVariable)));
        IEnumerable<KeyValuePair<string, string>> small = Enumerable.Range(0, 4000).Select(i => KeyValuePair.Create($"SMALL_{i}", "x"));

        ProcessResult result = await ProcessRun.RunAsync(ShippedFiles.HelperCommand(rid), [.. large, .. small, .. broker.Settings]);

        Assert.Equal((rid, (0, Sentinel.Document + "\n", "")), (rid, result.All));
    }
}
