using System;
using System.Runtime.CompilerServices;
using AwsCred.Native;

namespace AwsCred;

/// <summary>One run from its arguments and environment to its exit code. Both forms of the program start here.</summary>
internal static unsafe class Program
{
    private static ReadOnlySpan<byte> Help => """
        aws-cred: prints AWS credentials from a credential broker, for credential_process.

        Usage: aws-cred [--grant NAME]
               aws-cred --check [--json] [--grant NAME]    says what is wrong, if anything is
               aws-cred --help | --version

        In the AWS config of a container or sandbox:
            [default]
            credential_process = /opt/helper/aws-cred

        Environment:
            AWS_CRED_URL         the broker: http://host[:port][/path], https://host[:port][/path]
                                 or unix:///path/to.sock[:/path]
            AWS_CRED_TOKEN       the session's token
            AWS_CRED_TOKEN_FILE  the file that holds the token; wins over AWS_CRED_TOKEN
            AWS_CRED_CA_FILE     the CA bundle for https; else SSL_CERT_FILE, AWS_CA_BUNDLE,
                                 then the usual system paths
            AWS_CRED_INSECURE    1 allows plain http to a public address

        Where none of these is set, the lines NAME=value in aws-cred.env beside the program serve.

        Exit codes: 0 done, 1 it failed, 2 arguments or environment.

        Example: AWS_CRED_URL=http://127.0.0.1:8181 AWS_CRED_TOKEN_FILE=/run/token aws-cred

        """u8;

    [SkipLocalsInit]
    public static int Run(int argumentCount, byte** words, byte** environment)
    {
        Deadline.Start();
        byte* problemMemory = stackalloc byte[Problem.Memory];
        Problem problem = new(problemMemory);
        ReadOnlySpan<byte> token = default;
        bool isDone = Arguments.TryParse(argumentCount, words, out Arguments arguments, ref problem) && arguments.Job switch
        {
            Job.Help => Output.TryWriteStandardOutput(Help, ref problem),
            Job.Version => TryPrintVersion(ref problem),
            Job.Check or Job.CheckJson => Check.TryRun(new EnvironmentBlock(environment), arguments.Grant, arguments.Job == Job.CheckJson, ref problem),
            _ => TryPrintCredentials(new EnvironmentBlock(environment), arguments.Grant, ref token, ref problem),
        };
        if (isDone) return (int)ExitCode.Done;
        if (problem.Line.Length == 0) return (int)problem.Exit; // the report has said it

        byte* reportMemory = stackalloc byte[Problem.Memory + 64];
        Text report = new(reportMemory, Problem.Memory + 64);
        problem.AppendTo(ref report);
        report.Redact(token); // a broker may repeat it in what it says
        Output.WriteStandardError(report.Written);
        return (int)problem.Exit;
    }

    private static bool TryPrintVersion(ref Problem problem)
    {
        byte* memory = stackalloc byte[256];
        Text text = new(memory, 256);
        text.Append("aws-cred "u8);
        text.Append(BuildFacts.Version);
        text.Append(" "u8);
        text.Append(BuildFacts.Rid);
        text.Append("\n"u8);
        text.Append(BuildFacts.Runtime);
        text.Append("\nlibc "u8);
        text.Append(EnvironmentBlock.CString(Libc.gnu_get_libc_version()));
        text.Append("\nopenssl "u8);
        text.Append(OpenSsl.TryStart() ? EnvironmentBlock.CString(OpenSsl.OpenSSL_version(OpenSsl.OPENSSL_VERSION_STRING)) : "not usable here"u8);
        text.Append("\n"u8);
        return Output.TryWriteStandardOutput(text.Written, ref problem);
    }

    [SkipLocalsInit]
    private static bool TryPrintCredentials(EnvironmentBlock environment, ReadOnlySpan<byte> grant, ref ReadOnlySpan<byte> token, scoped ref Problem problem)
    {
        byte** fileEntries = stackalloc byte*[EnvironmentFile.MaximumLines + 1];
        byte* pathMemory = stackalloc byte[SmallFile.MaximumPath];
        Text path = new(pathMemory, SmallFile.MaximumPath);
        if (!SettingsSource.TryRead(environment, RunMemory.File, fileEntries, ref path, out Settings settings, ref problem)) return false;
        if (!BrokerUrl.TryParse(settings.Url, out BrokerUrl url, ref problem)) return false;
        if (!SettingsSource.TryReadToken(settings, new Span<byte>(RunMemory.Token, SettingsSource.TokenMemory), ref token, ref problem)) return false;
        Text request = new(RunMemory.Request, HttpRequest.Memory);
        HttpRequest.Append(url, grant, settings.IsContainer ? default : "Bearer "u8, token, ref request);
        Fetch fetch = new() { Url = url, Settings = settings, Request = request.Written, Token = token, Memory = new Span<byte>(RunMemory.Received, Fetch.ReceiveMemory) };
        if (!fetch.TryRun(out CredentialDocument document, ref problem)) return false;
        Text output = new(RunMemory.Output, CredentialDocument.MaximumOutput);
        document.AppendTo(ref output);
        if (output.Overflowed) return problem.Set(ExitCode.Failed, "the broker's credentials are longer than 60,000 bytes, more than SDKs take"u8);
        Deadline.Enter("writing the credentials to standard output"u8);
        return Output.TryWriteStandardOutput(output.Written, ref problem);
    }
}
