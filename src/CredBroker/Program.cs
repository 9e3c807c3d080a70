using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using CredBroker.Commands;
using CredBroker.Credentials;
using CredBroker.Files;
using CredBroker.Runs;

namespace CredBroker;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        Posix.HideMemory();
        // Beside everything else that these two begin with.
        if (arguments is ["run" or "serve", ..]) StsWarmUp.Start();
        UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false);
        await using StreamWriter output = new(Console.OpenStandardOutput(), utf8) { AutoFlush = true };
        await using StreamWriter error = new(Console.OpenStandardError(), utf8) { AutoFlush = true };
        TextWriter lines = TextWriter.Synchronized(error);
        LogSettings logging = new();
        using LogQueue logs = new(lines, dropped => LogLines.Missing(dropped, logging, TimeProvider.System.GetUtcNow()));
        Messages messages = new(output, lines, logs);
        LogLines log = new(messages, logging, TimeProvider.System);
        try
        {
            StatePaths paths = StatePaths.From(Environment.GetEnvironmentVariable);
            MfaLogin mfa = new(TerminalPrompt.AskAsync, TimeProvider.System, StsLimits.Usual);
            return await CommandLine.InvokeAsync(CommandLine.Create(paths, mfa.AssumeAsync, mfa.BeginAsync, mfa.WhyNot, new BrokerLog(log), TimeProvider.System, messages, logging, arguments.FirstOrDefault()), arguments, messages);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            messages.Error(e.Message);
            return ExitCodes.Failed;
        }
        catch (Exception e)
        {
            // Not left to the runtime: it would abort, and a core file holds what this process knows.
            messages.Error($"internal error: {e.GetType().Name}: {e.Message}; please report it");
            return ExitCodes.Failed;
        }
    }
}
