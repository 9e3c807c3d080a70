using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>What build/ReadyToRun leaves to the JIT when the published broker starts and answers once: no async method, and not Kestrel's reader of headers.</summary>
public sealed class ReadyToRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cred-broker-jit-");
    private readonly string _log;

    public ReadyToRunTests() => _log = Path.Combine(_folder.FullName, "jit");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Run_compiles_no_async_method_and_no_marked_one()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        Dictionary<string, string> environment = host.Environment;
        environment["DOTNET_JitStdOutFile"] = _log;
        environment["DOTNET_JitDisasmSummary"] = "1";

        ProcessResult run = await ProcessRun.RunAsync([ShippedFiles.Broker, "run", "--grant", "aws", "--", ShippedFiles.Helper("linux-x64")], environment);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        // What is busy is compiled again in the background, in tier 1; that is no part of the start.
        string[] compiled = [.. File.ReadLines(_log).Where(line => line.Contains("JIT compiled ", StringComparison.Ordinal) && !line.Contains("[Tier1", StringComparison.Ordinal))];
        Assert.InRange(compiled.Length, 1, 180);
        Assert.DoesNotContain(compiled, line => line.Contains("AsyncStateMachineBox`1[", StringComparison.Ordinal));
        // The best code at once is made of stubs, which have no other, and of methods with the mark.
        Assert.DoesNotContain(compiled, line => line.Contains("[FullOpts", StringComparison.Ordinal) && !line.Contains("IL_STUB", StringComparison.Ordinal));
    }
}
