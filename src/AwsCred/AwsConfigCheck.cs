using System;
using AwsCred.Native;

namespace AwsCred;

/// <summary>Whether the AWS config in use names a helper that is there.</summary>
internal static unsafe class AwsConfigCheck
{
    public const int MaximumConfig = 64 * 1024;

    public static void Run(EnvironmentBlock environment, ref CheckReport report)
    {
        report.Begin("aws config"u8);
        byte* pathMemory = stackalloc byte[SmallFile.MaximumPath];
        Text path = new(pathMemory, SmallFile.MaximumPath);
        if (!TryPath(environment, ref path))
        {
            report.Skip("neither AWS_CONFIG_FILE nor HOME is set"u8);
            return;
        }

        Span<byte> config = new(RunMemory.AwsConfig, MaximumConfig);
        Deadline.Enter("reading the AWS config"u8);
        int error = SmallFile.Read(pathMemory, config, out int length);
        report.Text.AppendUntrusted(path.Written.Slice(0, path.Length - 1), 200);
        if (error != 0)
        {
            report.Text.Append(": "u8);
            report.Text.Append(SmallFile.Reason(error));
            Advise(ref report);
            return;
        }

        Judge(environment, config.Slice(0, length), ref report);
    }

    private static void Judge(EnvironmentBlock environment, ReadOnlySpan<byte> config, ref CheckReport report)
    {
        ReadOnlySpan<byte> profile = "default"u8;
        if (environment.TryGet("AWS_PROFILE"u8, out ReadOnlySpan<byte> named)) profile = named;
        report.Text.Append(": the profile "u8);
        report.Text.AppendUntrusted(profile, 64);
        if (!IniFile.TryFind(config, profile, "credential_process"u8, out ReadOnlySpan<byte> command))
        {
            report.Text.Append(" has no credential_process"u8);
            Advise(ref report);
            return;
        }

        ReadOnlySpan<byte> program = IniFile.FirstWord(command);
        report.Text.Append(" names "u8);
        report.Text.AppendUntrusted(program, 200);
        byte* memory = stackalloc byte[SmallFile.MaximumPath];
        Text file = new(memory, SmallFile.MaximumPath);
        file.Append(program);
        file.Append((byte)0);
        if (program.Length == 0 || program[0] != (byte)'/')
        {
            report.Text.Append(", which is not a whole path"u8);
            Advise(ref report);
        }
        else if (file.Overflowed || Libc.access(memory, Libc.X_OK) != 0)
        {
            report.Text.Append(", which is not a program here"u8);
            Advise(ref report);
        }
        else
        {
            report.End(CheckResult.Ok);
        }
    }

    private static bool TryPath(EnvironmentBlock environment, ref Text path)
    {
        if (environment.TryGet("AWS_CONFIG_FILE"u8, out ReadOnlySpan<byte> file))
        {
            path.Append(file);
        }
        else
        {
            if (!environment.TryGet("HOME"u8, out ReadOnlySpan<byte> home)) return false;
            path.Append(home);
            path.Append("/.aws/config"u8);
        }

        path.Append((byte)0);
        return !path.Overflowed;
    }

    private static void Advise(ref CheckReport report)
    {
        byte* program = Libc.getauxval(Libc.AT_EXECFN);
        report.Hint.Append("It needs, under its profile: credential_process = "u8);
        if (program != null) report.Hint.AppendUntrusted(EnvironmentBlock.CString(program), 200);
        report.End(CheckResult.Fail);
    }
}
