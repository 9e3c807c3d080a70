using System;
using System.Linq;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>What file(1) and readelf(1) say of the published helpers: they run on any Linux, and are hard to exploit.</summary>
public class PlatformTests
{
    [Theory]
    [InlineData("linux-x64", "Advanced Micro Devices X86-64")]
    [InlineData("linux-arm64", "AArch64")]
    public async Task Is_a_position_independent_program_of_its_architecture(string rid, string machine)
    {
        string header = await ToolAsync("/usr/bin/readelf", "--file-header", "--wide", ShippedFiles.Helper(rid));

        Assert.Equal(machine, Field(header, "Machine:"));
        Assert.Equal("DYN (Position-Independent Executable file)", Field(header, "Type:"));
    }

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    public async Task Needs_neither_loader_nor_library(string rid)
    {
        string segments = await ToolAsync("/usr/bin/readelf", "--program-headers", "--wide", ShippedFiles.Helper(rid));
        string dynamic = await ToolAsync("/usr/bin/readelf", "--dynamic", "--wide", ShippedFiles.Helper(rid));

        Assert.DoesNotContain("INTERP", segments, StringComparison.Ordinal);
        Assert.Contains("Dynamic section at offset", dynamic, StringComparison.Ordinal);
        Assert.DoesNotContain("(NEEDED)", dynamic, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    public async Task Has_its_tables_read_only_and_no_memory_both_writable_and_executable(string rid)
    {
        string segments = await ToolAsync("/usr/bin/readelf", "--program-headers", "--wide", ShippedFiles.Helper(rid));
        string dynamic = await ToolAsync("/usr/bin/readelf", "--dynamic", "--wide", ShippedFiles.Helper(rid));

        Assert.Equal("R", Flags(segments, "GNU_RELRO"));
        Assert.Equal("RW", Flags(segments, "GNU_STACK"));
        Assert.DoesNotContain("RWE", segments, StringComparison.Ordinal);
        Assert.Contains("BIND_NOW", Field(dynamic, "(FLAGS)"), StringComparison.Ordinal);
        Assert.Contains("NOW PIE", Field(dynamic, "(FLAGS_1)"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linux-x64", "ELF 64-bit LSB pie executable, x86-64")]
    [InlineData("linux-arm64", "ELF 64-bit LSB pie executable, ARM aarch64")]
    public async Task Is_static_and_stripped(string rid, string start)
    {
        string[] facts = (await ToolAsync("/usr/bin/file", "--brief", ShippedFiles.Helper(rid))).Trim().Split(", ");

        Assert.Equal(start, $"{facts[0]}, {facts[1]}");
        Assert.Contains("static-pie linked", facts);
        Assert.Contains("stripped", facts);
    }

    private static async Task<string> ToolAsync(params string[] command)
    {
        ProcessResult result = await ProcessRun.RunAsync(command, []);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return result.Output;
    }

    private static string Field(string text, string name) =>
        text.Split('\n').Select(line => line.Trim()).Single(line => line.Contains(name, StringComparison.Ordinal)).Split(name)[1].Trim();

    /// <summary>Between the sizes and the alignment: <c>R</c>, <c>RW</c>, <c>R E</c>.</summary>
    private static string Flags(string segments, string type) =>
        string.Concat(Field(segments, type).Split(' ', StringSplitOptions.RemoveEmptyEntries)[5..^1]);
}
