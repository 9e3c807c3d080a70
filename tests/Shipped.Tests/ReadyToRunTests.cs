using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>What build/ReadyToRun leaves to the JIT when the published broker starts and answers once: no async method, and not Kestrel's reader of headers.</summary>
public sealed class ReadyToRunTests
{
    [Fact]
    public async Task Run_compiles_no_async_method_and_no_marked_one()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        string log = Path.Combine(Directory.CreateTempSubdirectory().FullName, "jit");
        Dictionary<string, string> environment = host.Environment;
        environment["DOTNET_JitStdOutFile"] = log;
        environment["DOTNET_JitDisasmSummary"] = "1";

        ProcessResult run = await ProcessRun.RunAsync([ShippedFiles.Broker, "run", "--grant", "aws", "--", ShippedFiles.Helper("linux-x64")], environment);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        // What is busy is compiled again in the background, in tier 1; that is no part of the start.
        string[] compiled = [.. File.ReadLines(log).Where(line => line.Contains("JIT compiled ", StringComparison.Ordinal) && !line.Contains("[Tier1", StringComparison.Ordinal))];
        Directory.Delete(Path.GetDirectoryName(log)!, recursive: true);
        Assert.InRange(compiled.Length, 1, 250);
        Assert.DoesNotContain(compiled, line => line.Contains("AsyncStateMachineBox`1[", StringComparison.Ordinal));
        Assert.DoesNotContain(compiled, line => line.Contains(":AwaitUnsafeOnCompleted[", StringComparison.Ordinal) || line.Contains("HttpRequestHeaders:Append(", StringComparison.Ordinal));
    }
}
