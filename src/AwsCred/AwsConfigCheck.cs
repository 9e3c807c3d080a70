using System;
using AwsCred.Native;

namespace AwsCred;

/// <summary>Whether the AWS config in use names a helper that is there.</summary>
internal static unsafe class AwsConfigCheck
{
    public const int MaximumConfig = 64 * 1024;
    public const int ConfigMemory = MaximumConfig + 1; // tells a longer one

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

        Span<byte> config = new(RunMemory.AwsConfig, ConfigMemory);
        Deadline.Enter("reading the AWS config"u8);
        int error = SmallFile.Read(pathMemory, config, out int length);
        report.Text.AppendUntrusted(path.Written.Slice(0, path.Length - 1), 200);
        report.Text.Append(": "u8);
        if (error != 0)
        {
            report.Text.Append(SmallFile.Reason(error));
            Advise(CheckResult.Fail, ref report);
        }
        else if (length > MaximumConfig)
        {
            report.Text.Append("more than 64 KiB, too long to look at"u8);
            Advise(CheckResult.Warn, ref report);
        }
        else
        {
            Judge(environment, config.Slice(0, length), ref report);
        }
    }

    private static void Judge(EnvironmentBlock environment, ReadOnlySpan<byte> config, ref CheckReport report)
    {
        ReadOnlySpan<byte> profile = "default"u8;
        if (environment.TryGet("AWS_PROFILE"u8, out ReadOnlySpan<byte> named)) profile = named;
        report.Text.Append("the profile "u8);
        report.Text.AppendUntrusted(profile, 64);
        if (!IniFile.TryFind(config, profile, "credential_process"u8, out ReadOnlySpan<byte> command))
        {
            report.Text.Append(" has no credential_process"u8);
            if (IniFile.HasBareSection(config, profile) && !profile.SequenceEqual("default"u8)) AppendBareSection(profile, ref report.Text);
            Advise(CheckResult.Fail, ref report);
            return;
        }

        ReadOnlySpan<byte> program = IniFile.FirstWord(command);
        report.Text.Append(" names "u8);
        report.Text.AppendUntrusted(program, 200);
        ReadOnlySpan<byte> why = WhyNoProgram(program);
        if (why.Length > 0)
        {
            report.Text.Append(why);
            Advise(CheckResult.Fail, ref report);
        }
        else if (!FileName(program).SequenceEqual(FileName(Self)))
        {
            report.Text.Append(", which is another program"u8);
            Advise(CheckResult.Warn, ref report);
        }
        else if (IniFile.TryFind(config, profile, "aws_access_key_id"u8, out _))
        {
            report.Text.Append(", and holds aws_access_key_id, too"u8);
            report.Hint.Append("SDKs may take that key and never ask the helper: remove it from the profile."u8);
            report.End(CheckResult.Warn);
        }
        else
        {
            report.End(CheckResult.Ok);
        }
    }

    /// <summary>Nothing where it is a file that this user may run.</summary>
    private static ReadOnlySpan<byte> WhyNoProgram(ReadOnlySpan<byte> program)
    {
        if (program.Length == 0 || program[0] != (byte)'/') return ", which is not a whole path"u8;
        byte* memory = stackalloc byte[SmallFile.MaximumPath];
        Text file = new(memory, SmallFile.MaximumPath);
        file.Append(program);
        file.Append("/.\0"u8);
        if (!file.Overflowed && Libc.access(memory, Libc.F_OK) == 0) return ", which is a directory"u8; // only there a dot is found
        file.Shorten(program.Length);
        file.Append((byte)0);
        return file.Overflowed || Libc.access(memory, Libc.X_OK) != 0 ? ", which is not a program here"u8 : default;
    }

    private static void AppendBareSection(ReadOnlySpan<byte> profile, ref Text text)
    {
        text.Append(": SDKs pass over its section ["u8);
        text.AppendUntrusted(profile, 64);
        text.Append("], which must be [profile "u8);
        text.AppendUntrusted(profile, 64);
        text.Append((byte)']');
    }

    private static bool TryPath(EnvironmentBlock environment, ref Text path)
    {
        bool hasHome = environment.TryGet("HOME"u8, out ReadOnlySpan<byte> home);
        if (environment.TryGet("AWS_CONFIG_FILE"u8, out ReadOnlySpan<byte> file))
        {
            bool isBelowHome = hasHome && file.StartsWith("~/"u8); // as SDKs take it
            if (isBelowHome) path.Append(home);
            path.Append(isBelowHome ? file.Slice(1) : file);
        }
        else
        {
            if (!hasHome) return false;
            path.Append(home);
            path.Append("/.aws/config"u8);
        }

        path.Append((byte)0);
        return !path.Overflowed;
    }

    private static ReadOnlySpan<byte> FileName(ReadOnlySpan<byte> path)
    {
        int start = path.Length;
        while (start > 0 && path[start - 1] != (byte)'/') start--;
        return path.Slice(start);
    }

    /// <summary>The path by which the helper was started.</summary>
    private static ReadOnlySpan<byte> Self
    {
        get
        {
            byte* program = Libc.getauxval(Libc.AT_EXECFN);
            return program == null ? default : EnvironmentBlock.CString(program);
        }
    }

    private static void Advise(CheckResult result, ref CheckReport report)
    {
        report.Hint.Append("It needs, under its profile: credential_process = "u8);
        report.Hint.AppendUntrusted(Self, 200);
        report.End(result);
    }
}
