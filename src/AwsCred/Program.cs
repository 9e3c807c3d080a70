using System;
using System.Runtime.CompilerServices;
using AwsCred.Native;

namespace AwsCred;

/// <summary>One run from its arguments and environment to its exit code. Both forms of the program start here.</summary>
internal static unsafe class Program
{
    /// <summary>One longer than a token may be, with its line end, so that a longer one shows.</summary>
    private const int TokenMemory = Settings.MaximumToken + 3;

    private static ReadOnlySpan<byte> Help => """
        aws-cred: prints AWS credentials from a credential broker, for credential_process.

        Usage: aws-cred [--help | --version]

        In the AWS config of a container or sandbox:
            [default]
            credential_process = /opt/helper/aws-cred

        Environment:
            AWS_CRED_URL         the broker: http://host[:port][/path]
            AWS_CRED_TOKEN       the session's token
            AWS_CRED_TOKEN_FILE  the file that holds the token; wins over AWS_CRED_TOKEN

        Exit codes: 0 done, 1 it failed, 2 arguments or environment.

        Example: AWS_CRED_URL=http://127.0.0.1:8181 AWS_CRED_TOKEN_FILE=/run/token aws-cred

        """u8;

    [SkipLocalsInit]
    public static int Run(int argumentCount, byte** arguments, byte** environment)
    {
        Deadline.Start();
        byte* problemMemory = stackalloc byte[Problem.Memory];
        Problem problem = new(problemMemory);
        byte* tokenMemory = stackalloc byte[TokenMemory];
        ReadOnlySpan<byte> token = default;
        bool isDone = argumentCount > 1
            ? TryArgument(argumentCount, arguments, ref problem)
            : TryPrintCredentials(new EnvironmentBlock(environment), new Span<byte>(tokenMemory, TokenMemory), ref token, ref problem);
        if (isDone) return (int)ExitCode.Done;

        byte* reportMemory = stackalloc byte[Problem.Memory + 64];
        Text report = new(reportMemory, Problem.Memory + 64);
        problem.AppendTo(ref report);
        report.Redact(token); // a broker may repeat it in what it says
        Output.WriteStandardError(report.Written);
        return (int)problem.Exit;
    }

    private static bool TryArgument(int argumentCount, byte** arguments, ref Problem problem)
    {
        ReadOnlySpan<byte> argument = EnvironmentBlock.CString(arguments[1]);
        bool isHelp = argument.SequenceEqual("--help"u8), isVersion = argument.SequenceEqual("--version"u8);
        if (argumentCount == 2 && isHelp) return Output.TryWriteStandardOutput(Help, ref problem);
        if (argumentCount == 2 && isVersion) return TryPrintVersion(ref problem);
        if (isHelp || isVersion) argument = EnvironmentBlock.CString(arguments[2]);
        int equals = argument.IndexOf((byte)'=');
        problem.Set(ExitCode.Usage, "unexpected argument "u8);
        problem.Line.AppendUntrusted(equals < 0 ? argument : argument.Slice(0, equals), 100); // never a value: it may be a token
        return problem.Advise("Run it without arguments to print credentials; aws-cred --help says more."u8);
    }

    private static bool TryPrintVersion(ref Problem problem)
    {
        byte* memory = stackalloc byte[128];
        Text text = new(memory, 128);
        text.Append("aws-cred "u8);
        text.Append(BuildFacts.Version);
        text.Append(" "u8);
        text.Append(BuildFacts.Rid);
        text.Append((byte)'\n');
        return Output.TryWriteStandardOutput(text.Written, ref problem);
    }

    [SkipLocalsInit]
    private static bool TryPrintCredentials(EnvironmentBlock environment, Span<byte> tokenMemory, ref ReadOnlySpan<byte> token, scoped ref Problem problem)
    {
        if (!Settings.TryRead(environment, out Settings settings, ref problem)) return false;
        if (!BrokerUrl.TryParse(settings.Url, out BrokerUrl url, ref problem)) return false;
        if (!TryTakeToken(settings, tokenMemory, ref token, ref problem)) return false;
        byte* requestMemory = stackalloc byte[Fetch.RequestMemory];
        Text request = new(requestMemory, Fetch.RequestMemory);
        Fetch.AppendRequest(url, settings.IsContainer ? default : "Bearer "u8, token, ref request);
        byte* receiveMemory = stackalloc byte[Fetch.ReceiveMemory];
        Fetch fetch = new() { Url = url, Request = request.Written, Token = token, Memory = new Span<byte>(receiveMemory, Fetch.ReceiveMemory) };
        if (!fetch.TryRun(out CredentialDocument document, ref problem)) return false;
        byte* outputMemory = stackalloc byte[CredentialDocument.MaximumOutput];
        Text output = new(outputMemory, CredentialDocument.MaximumOutput);
        document.AppendTo(ref output);
        if (output.Overflowed) return problem.Set(ExitCode.Failed, "the broker's credentials are longer than 60,000 bytes, more than SDKs take"u8);
        Deadline.Enter("writing the credentials to standard output"u8);
        return Output.TryWriteStandardOutput(output.Written, ref problem);
    }

    private static bool TryTakeToken(scoped in Settings settings, Span<byte> memory, ref ReadOnlySpan<byte> token, scoped ref Problem problem)
    {
        bool isFile = settings.TokenFile.Length > 0;
        ReadOnlySpan<byte> name = isFile ? settings.TokenFileName : settings.TokenName;
        if (!isFile) token = settings.Token;
        else if (!TokenFile.TryRead(settings.TokenFile, name, memory, out token, ref problem)) return false;
        bool mayBeMissing = settings.IsContainer && !isFile && token.Length == 0;
        return mayBeMissing || Settings.IsToken(token, name, settings.IsContainer, ref problem);
    }
}
