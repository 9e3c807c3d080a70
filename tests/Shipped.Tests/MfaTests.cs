using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>A code of an MFA device, asked for on a real terminal, which script(1) makes.</summary>
public class MfaTests
{
    [Fact]
    public async Task A_run_asks_for_the_code_and_leaves_the_rest_of_what_is_typed_to_COMMAND()
    {
        await using HostUnderTest host = await HostUnderTest.StartAsync();
        Assert.Equal(0, (await host.BrokerAsync("grant", "aws", "--role", HostUnderTest.MfaRole, "--mfa-serial", HostUnderTest.MfaSerial, "--no-verify")).ExitCode);

        using ProcessRun terminal = ProcessRun.Start(
            ["/usr/bin/script", "-qec", $"'{ShippedFiles.Broker}' run --grant aws -- sh -c 'read line; echo \"COMMAND read: $line\"; exit 7'", "/dev/null"],
            host.Environment.Append(new("SHELL", "/bin/sh")));
        await terminal.Input.WriteAsync(Encoding.ASCII.GetBytes("999999\n111111\nfor COMMAND\n"));
        await terminal.Input.FlushAsync();
        ProcessResult end = await terminal.EndAsync();

        Assert.Equal((7, ""), (end.ExitCode, end.Error));
        Assert.Contains($"Code of the MFA device {HostUnderTest.MfaSerial}: ", end.Output, StringComparison.Ordinal);
        Assert.Contains($"AWS does not accept the code for the MFA device {HostUnderTest.MfaSerial}. Another code: ", end.Output, StringComparison.Ordinal);
        Assert.Contains("COMMAND read: for COMMAND\r\n", end.Output, StringComparison.Ordinal);
        Assert.Equal(["GetSessionToken AccessDenied", "GetSessionToken Success", "AssumeRole Success"], host.Sts.Calls.Select(call => $"{call.Action} {call.Outcome}"));
    }

    [Fact]
    public async Task Without_a_terminal_nothing_starts()
    {
        await using HostUnderTest host = await HostUnderTest.StartAsync();
        Assert.Equal(0, (await host.BrokerAsync("grant", "aws", "--role", HostUnderTest.MfaRole, "--mfa-serial", HostUnderTest.MfaSerial, "--no-verify")).ExitCode);

        ProcessResult end = await ProcessRun.RunAsync(["/usr/bin/setsid", "--wait", ShippedFiles.Broker, "run", "--grant", "aws", "--", "/bin/echo", "started"], host.Environment);

        Assert.Equal((125, ""), (end.ExitCode, end.Output));
        Assert.StartsWith($"cred-broker: error: the grant asks for a code of the MFA device {HostUnderTest.MfaSerial}, and there is no terminal to ask on\ncred-broker: hint: ", end.Error, StringComparison.Ordinal);
        Assert.Empty(host.Sts.Calls);
    }
}
