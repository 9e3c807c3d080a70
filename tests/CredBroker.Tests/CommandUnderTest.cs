using System;
using System.CommandLine;
using System.IO;
using System.Threading.Tasks;
using CredBroker.Commands;
using CredBroker.Credentials;
using CredBroker.Files;
using StsSimulator.Tests;

namespace CredBroker.Tests;

/// <summary>What a command printed, and how it ended.</summary>
internal sealed record CommandEnd(int ExitCode, string Output, string Error);

/// <summary>The commands in this process, with a state folder of their own and an STS that does as it is told.</summary>
internal sealed class CommandUnderTest : IDisposable
{
    public TemporaryFolder Folder { get; } = new();

    public ScriptedSts Sts { get; } = new();

    /// <summary>What logging in comes to; null: all is well.</summary>
    public Func<RoleRequest, Failure?> LogIn { get; set; } = _ => null;

    public string GrantsFile => Folder["grants.json"];

    public Task<CommandEnd> RunAsync(params string[] arguments) => RunAsync(new LogSettings(), arguments);

    public async Task<CommandEnd> RunAsync(LogSettings logging, string[] arguments)
    {
        StringWriter output = new(), error = new();
        Messages messages = new(output, error);
        int exitCode = await CommandLine.InvokeAsync(Root(messages, logging), arguments, messages).WaitAsync(Patience.Test);
        return new CommandEnd(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>System.CommandLine names the program that runs: here it is the test host.</summary>
    public async Task<string> HelpAsync(params string[] command)
    {
        StringWriter output = new();
        InvocationConfiguration configuration = new() { Output = output };
        Assert.Equal(0, await Root(new Messages(output, output)).Parse([.. command, "--help"]).InvokeAsync(configuration));
        return output.ToString().Replace(RootCommand.ExecutableName, "cred-broker", StringComparison.Ordinal);
    }

    public void Dispose() => Folder.Dispose();

    private RootCommand Root(Messages messages, LogSettings? logging = null) =>
        CommandLine.Create(new StatePaths(GrantsFile, Folder["runs"], Folder["sessions/sessions.db"], Folder["control/control.sock"]), Sts.AssumeAsync, (request, _) => Task.FromResult(LogIn(request)), _ => null, new CollectedLog().Broker, new FakeClock(), messages, logging);
}
