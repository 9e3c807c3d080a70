using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>A program with exactly the environment that it is given. Its standard input stays open until it has ended.</summary>
internal sealed class ProcessRun : IDisposable
{
    /// <summary>Far beyond every documented time: what is not over by then hangs.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private ProcessRun(Process process) => _process = process;

    public int Id => _process.Id;

    public Stream Input => _process.StandardInput.BaseStream;

    /// <param name="command">The program's full path and its arguments.</param>
    /// <param name="environment">All of it: nothing is inherited.</param>
    public static ProcessRun Start(IReadOnlyList<string> command, IEnumerable<KeyValuePair<string, string>> environment)
    {
        ProcessStartInfo start = new(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        for (int i = 1; i < command.Count; i++) start.ArgumentList.Add(command[i]);
        start.Environment.Clear();
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return new ProcessRun(Process.Start(start)!);
    }

    public static async Task<ProcessResult> RunAsync(IReadOnlyList<string> command, IEnumerable<KeyValuePair<string, string>> environment)
    {
        using ProcessRun run = Start(command, environment);
        return await run.EndAsync();
    }

    /// <summary>When the program waits in the kernel, for whatever it is.</summary>
    public async Task WaitsAsync()
    {
        // pid (name) state …: see proc_pid_stat(5).
        while ((await File.ReadAllTextAsync($"/proc/{_process.Id}/stat")).Split(") ")[^1][0] != 'S') await Task.Yield();
    }

    /// <summary>When the program has written a line to its standard output; the line.</summary>
    public Task<string> LineAsync() => LineAsync(_process.StandardOutput.BaseStream);

    /// <summary>The same of its standard error.</summary>
    public Task<string> ErrorLineAsync() => LineAsync(_process.StandardError.BaseStream);

    /// <summary>Sends a signal to this process alone.</summary>
    public Task SendAsync(string signal) => SignalAsync(signal, _process.Id);

    public static async Task SignalAsync(string signal, int process)
    {
        ProcessResult kill = await RunAsync(["/bin/kill", "-s", signal, process.ToString(CultureInfo.InvariantCulture)], []);
        Assert.Equal((0, ""), (kill.ExitCode, kill.Error));
    }

    /// <summary>The reader of the program's standard output goes away.</summary>
    public void AbandonOutput() => _process.StandardOutput.Close();

    /// <summary>What the program has written when it has ended; one that hangs is killed, and the test fails.</summary>
    public async Task<ProcessResult> EndAsync(bool readOutput = true)
    {
        using CancellationTokenSource limit = new(s_limit);
        Task<byte[]> output = readOutput ? ReadAsync(_process.StandardOutput.BaseStream) : Task.FromResult<byte[]>([]);
        Task<byte[]> error = ReadAsync(_process.StandardError.BaseStream);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            // A process that it left behind may hold the streams.
            await Task.WhenAll(output, error).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"{_process.StartInfo.FileName}, or what it left behind, still ran after {s_limit}");
        }

        return new ProcessResult(_process.ExitCode, await output, await error);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    /// <summary>Byte by byte: what follows the line stays for <see cref="EndAsync"/>.</summary>
    private static async Task<string> LineAsync(Stream stream)
    {
        using CancellationTokenSource limit = new(s_limit);
        List<byte> line = [];
        byte[] next = new byte[1];
        while (await stream.ReadAsync(next, limit.Token) == 1 && next[0] != (byte)'\n') line.Add(next[0]);
        return Encoding.UTF8.GetString([.. line]);
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        using MemoryStream all = new();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}

/// <summary>Exit code and both streams, byte for byte.</summary>
internal sealed record ProcessResult(int ExitCode, byte[] OutputBytes, byte[] ErrorBytes)
{
    public string Output => Encoding.UTF8.GetString(OutputBytes);

    public string Error => Encoding.UTF8.GetString(ErrorBytes);

    /// <summary>All of it, to compare at once.</summary>
    public (int ExitCode, string Output, string Error) All => (ExitCode, Output, Error);
}
