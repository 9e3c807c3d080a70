using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using StsSimulator;

if (!CommandLine.TryParse(args, Environment.GetEnvironmentVariable(CommandLine.SecretVariable), out CommandLine? commandLine, out string? error))
{
    Console.Error.WriteLine($"sts-simulator: error: {error}; {CommandLine.Usage}");
    return 2;
}

TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

try
{
    await using SimulatedSts sts = await SimulatedSts.StartAsync(commandLine.Configuration);
    Console.Out.WriteLine($"STS_SIMULATOR_URL={sts.Url.GetLeftPart(UriPartial.Authority)}");
    Task stdinCloses = commandLine.UntilStdinCloses ? Console.OpenStandardInput().CopyToAsync(Stream.Null) : stop.Task;
    await Task.WhenAny(stop.Task, stdinCloses);
    return 0;
}
catch (IOException failure)
{
    Console.Error.WriteLine($"sts-simulator: error: cannot listen on 127.0.0.1:{commandLine.Configuration.Port}: {failure.Message}");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.TrySetResult();
}
