using System.Collections.Generic;
using System.Diagnostics;
using System.Threading.Tasks;

namespace CredBroker.Tests;

/// <summary>A client that is a program of its own, with exactly the environment that it is given.</summary>
internal static class ClientProgram
{
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] command, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment.Clear();
        foreach ((string name, string value) in (IEnumerable<(string, string)>)environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience.Test);
        return (process.ExitCode, await output, await error);
    }
}
