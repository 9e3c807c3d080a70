using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Files;
using Shipped.Tests;

namespace CredBroker.Tests;

/// <summary>The trail of several real processes, of killed ones, and on disks that take no more.</summary>
public sealed class AuditProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Audit => _folder["state/audit.jsonl"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Processes_that_write_at_once_write_one_chain_through_its_rotations()
    {
        Process[] writers = [.. Enumerable.Range(0, 3).Select(_ => OtherProcess.Start("append", Audit, "400", "20000"))];
        foreach (Process writer in writers)
        {
            Assert.Equal(400, (await ReadAllAsync(writer)).Count);
            Assert.Equal(0, writer.ExitCode);
            writer.Dispose();
        }

        AuditVerdict verdict = new AuditVerifier([]).Verify(Audit);
        Assert.Equal((0L, 1200L, 0), (verdict.ProblemCount, verdict.Lines, verdict.Notes.Count));
        Assert.True(verdict.Files > 10);
    }

    [Fact]
    public async Task Killed_at_any_moment_no_acknowledged_line_is_lost_and_the_chain_is_good()
    {
        Random random = new(7);
        HashSet<string> acknowledged = [];
        for (int round = 0; round < 20; round++)
        {
            using Process writer = OtherProcess.Start("append", Audit, "1000000", "30000");
            string session = $"p{writer.Id}";
            for (int line = random.Next(1, 200); line > 0; line--) acknowledged.Add($"{session} {await writer.StandardOutput.ReadLineAsync().WaitAsync(Patience.Test)}");
            writer.Kill();
            foreach (string number in await ReadAllAsync(writer)) acknowledged.Add($"{session} {number}");
        }

        // The line that a kill cut, if any, is named by the next: here by this one.
        using (Process last = OtherProcess.Start("append", Audit, "1", "30000")) await ReadAllAsync(last);

        Assert.Empty(new AuditVerifier([]).Verify(Audit).Problems);
        foreach (AuditRow row in AuditLines.Read(Audit))
        {
            if (row.Record is { } record && record["kind"] == "credentials-issued") acknowledged.Remove($"{record["session"]} {int.Parse(record["accessKeyId"]!["ASIAEXAMPLE".Length..], CultureInfo.InvariantCulture)}");
        }

        Assert.Empty(acknowledged);
    }

    /// <summary>By the real clock: the disk answers now before the trail gives up on it, now after, while many wait.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task On_a_disk_that_hangs_now_and_then_every_event_is_a_line_or_counted_and_everybody_is_told(bool isOptional)
    {
        long recorded = 0, kept = 0;
        bool isOver = false;
        await using (AuditTrail trail = new(new AuditSettings(Audit, isOptional, RotateAt: 300_000), TimeProvider.System, new CollectedLog().Broker))
        {
            Assert.Null(await trail.OpenAsync(default));
            Task[] writers = [.. Enumerable.Range(0, 40).Select(number => Task.Run(async () =>
            {
                while (!Volatile.Read(ref isOver))
                {
                    Interlocked.Increment(ref recorded);
                    if (await trail.RecordAsync(TrailUnderTest.Issuance(number)).AsTask().WaitAsync(Patience.Test) is null) Interlocked.Increment(ref kept);
                    await Task.Delay(2);
                }
            }))];
            foreach (int milliseconds in (int[])[950, 1100, 1000])
            {
                using AppendFile held = AppendFile.Open(Audit);
                held.Lock();
                await Task.Delay(milliseconds);
                held.Unlock();
                await Task.Delay(100);
            }

            Volatile.Write(ref isOver, true);
            await Task.WhenAll(writers);
        }

        ILookup<string, AuditRecord> lines = AuditLines.Read(Audit).Select(row => row.Record!).ToLookup(record => record["kind"]!);
        Assert.Equal(recorded, lines["credentials-issued"].Count() + lines["events-lost"].Sum(line => long.Parse(line["count"]!, CultureInfo.InvariantCulture)));
        Assert.InRange(lines["credentials-issued"].Count(), isOptional ? 1 : kept, recorded);
        Assert.Empty(new AuditVerifier([]).Verify(Audit).Problems);
    }

    [Fact]
    public async Task Full_disk() => Snapshot.Match(await OnSmallDiskAsync("full-disk", "true"));

    [Fact]
    public async Task Read_only_disk() => Snapshot.Match(await OnSmallDiskAsync("read-only-disk", $"mount -o remount,ro {_folder["disk"]}"));

    private async Task<string> OnSmallDiskAsync(string verb, string options)
    {
        Directory.CreateDirectory(_folder["disk"]);
        using Process process = OtherProcess.StartOnSmallDisk(verb, _folder["disk"], options);
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience.Test);
        await process.WaitForExitAsync();
        return output.Replace(_folder.FolderPath, "FOLDER", StringComparison.Ordinal);
    }

    private static async Task<List<string>> ReadAllAsync(Process process)
    {
        string rest = await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience.Test);
        await process.WaitForExitAsync();
        // A number without its newline was cut: it may be the start of a longer one.
        return [.. rest.Split('\n')[..^1]];
    }
}
