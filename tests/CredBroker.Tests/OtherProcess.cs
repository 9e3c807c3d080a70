using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Metrics;

namespace CredBroker.Tests;

/// <summary>This program started again, as another process that a test works against, or kills.</summary>
internal static class OtherProcess
{
    private static async Task<int> Main(string[] arguments)
    {
        return arguments switch
        {
            ["append", string path, string count, string rotateAt] => await AppendAsync(path, Number(count), Number(rotateAt)),
            ["measure", string path, string writers, string count] => await MeasureAsync(path, Number(writers), Number(count)),
            ["full-disk", string folder] => await FullDiskAsync(folder),
            ["loaded-without-a-collector"] => PrintLoaded(),
            ["read-only-disk", string folder] => await ReadOnlyDiskAsync(folder),
            _ => 2,
        };
    }

    public static Process Start(params string[] arguments) => Start(new ProcessStartInfo(Dotnet, ["exec", Program, .. arguments]));

    /// <summary>In a mount namespace of its own, with a small tmpfs at a folder.</summary>
    public static Process StartOnSmallDisk(string verb, string folder, string options) => Start(new ProcessStartInfo(
        "unshare", ["--mount", "--propagation", "private", "sh", "-ec", "mount -t tmpfs -o size=64k,mode=700 none \"$2\"; mkdir -m 700 \"$2/state\"; $3; exec \"$0\" exec \"$4\" \"$1\" \"$2\"", Dotnet, verb, folder, options, Program]));

    private static string Dotnet => Environment.ProcessPath!;

    private static string Program => typeof(OtherProcess).Assembly.Location;

    private static Process Start(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardInput) = (true, true);
        return Process.Start(start)!;
    }

    /// <summary>Records, and prints each number once it is acknowledged.</summary>
    private static async Task<int> AppendAsync(string path, int count, long rotateAt)
    {
        await using AuditTrail trail = new(new AuditSettings(path, RotateAt: rotateAt), TimeProvider.System, new CollectedLog().Broker);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            for (int number = writer; number < count; number += 4)
            {
                if (await trail.RecordAsync(TrailUnderTest.Issuance(number) with { Session = $"p{Environment.ProcessId}" }) is Failure failure) throw new IOException(failure.Code);
                lock (Console.Out) Console.Out.WriteLine(number);
            }
        }));
        return 0;
    }

    /// <summary>How many records a second this disk takes, by how many writers at once. For people: no test asserts it.</summary>
    private static async Task<int> MeasureAsync(string path, int writers, int count)
    {
        await using AuditTrail trail = new(new AuditSettings(path), TimeProvider.System, new CollectedLog().Broker);
        for (int round = 0; round < 3; round++)
        {
            long[] took = new long[writers * count];
            TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
            long start = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
            {
                for (int number = 0; number < count; number++)
                {
                    long begin = Stopwatch.GetTimestamp();
                    await trail.RecordAsync(TrailUnderTest.Issuance(number));
                    took[writer * count + number] = Stopwatch.GetTimestamp() - begin;
                }
            })));
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
            Array.Sort(took);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{writers} writers: {took.Length / seconds:F0} records/s, p50 {Milliseconds(took[took.Length / 2]):F2} ms, p99 {Milliseconds(took[took.Length * 99 / 100]):F2} ms, processor {processor.TotalSeconds / took.Length * 1e6:F1} us/record"));
        }

        return 0;

        static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
    }

    private static int PrintLoaded()
    {
        using IDisposable? export = OtlpExport.StartIfAsked(_ => null, new CollectedLog().Broker);
        foreach (System.Reflection.Assembly assembly in AppDomain.CurrentDomain.GetAssemblies()) Console.WriteLine(assembly.GetName().Name);
        return 0;
    }

    private static async Task<int> FullDiskAsync(string folder)
    {
        string path = Path.Combine(folder, "state", "audit.jsonl"), filler = Path.Combine(folder, "filler");
        CollectedLog log = new();
        await using AuditTrail trail = new(new AuditSettings(path), TimeProvider.System, log.Broker);
        Console.WriteLine($"at first: {Say(await trail.RecordAsync(TrailUnderTest.Issuance(1)), trail)}");
        Fill(filler);
        int kept = 0;
        Failure? failure;
        while ((failure = await trail.RecordAsync(TrailUnderTest.Issuance(2))) is null) kept++; // what the last page of the file still takes
        Console.WriteLine($"full: {Say(failure, trail)}, retry after {failure.RetryAfter!.Value.TotalSeconds} s, status {(int)failure.HttpStatus}");
        for (int number = 0; number < 9; number++) failure = await trail.RecordAsync(TrailUnderTest.Issuance(3));
        Console.WriteLine($"still full: {Say(failure, trail)}");
        Console.WriteLine($"the file ends in a newline: {File.ReadAllBytes(path)[^1] == '\n'}; whole lines: {File.ReadAllLines(path).Length == kept + 1}");
        File.Delete(filler);
        Console.WriteLine($"room again: {Say(await trail.RecordAsync(TrailUnderTest.Issuance(4)), trail)}");
        string[] lines = File.ReadAllLines(path);
        Console.WriteLine($"the gap is told: {lines[^2].Contains("\"kind\":\"events-lost\",\"count\":10,", StringComparison.Ordinal)}");
        AuditVerdict verdict = new AuditVerifier([]).Verify(path);
        Console.WriteLine($"problems {verdict.ProblemCount}, notes {verdict.Notes.Count}, lines but for the page's {verdict.Lines - kept}");
        foreach (string line in log.Lines) Console.WriteLine(line.Replace(path, "PATH", StringComparison.Ordinal));
        return 0;
    }

    private static async Task<int> ReadOnlyDiskAsync(string folder)
    {
        CollectedLog log = new();
        string path = Path.Combine(folder, "state", "audit.jsonl");
        await using AuditTrail trail = new(new AuditSettings(path), TimeProvider.System, log.Broker), optional = new(new AuditSettings(path, IsOptional: true), TimeProvider.System, log.Broker);
        Console.WriteLine($"opened: {(await trail.OpenAsync(default))!.Message.Replace(path, "PATH", StringComparison.Ordinal)}");
        Console.WriteLine($"read-only: {Say(await trail.RecordAsync(TrailUnderTest.Issuance(1)), trail)}");
        Console.WriteLine($"optional: {Say(await optional.RecordAsync(TrailUnderTest.Issuance(2)), optional)}");
        Console.WriteLine($"optional: {Say(await optional.RecordAsync(TrailUnderTest.Issuance(3)), optional)}");
        Process.Start("mount", ["-o", "remount,rw", folder]).WaitForExit();
        Console.WriteLine($"writable: {Say(await trail.RecordAsync(TrailUnderTest.Issuance(4)), trail)}");
        Console.WriteLine($"optional: {Say(await optional.RecordAsync(TrailUnderTest.Issuance(5)), optional)}");
        foreach (string line in log.Lines) Console.WriteLine(line.Replace(path, "PATH", StringComparison.Ordinal));
        foreach (string line in File.ReadAllLines(path)) Console.WriteLine(AuditText.Of(AuditRecord.Parse(System.Text.Encoding.ASCII.GetBytes(line))!)[26..]);
        return 0;
    }

    private static string Say(Failure? failure, AuditTrail trail) => $"{failure?.Code ?? "kept"}, writable {trail.IsWritable}";

    private static void Fill(string path)
    {
        using FileStream filler = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, 0);
        try
        {
            while (true) filler.Write(new byte[512]);
        }
        catch (IOException)
        {
            // full
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
