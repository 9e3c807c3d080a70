using System;

namespace AwsCred;

internal enum Job
{
    PrintCredentials,
    Check,
    CheckJson,
    Help,
    Version,
}

/// <summary>What is asked for on the command line.</summary>
internal ref struct Arguments
{
    public const int MaximumGrant = 64;

    public Job Job;

    /// <summary>Which of the session's grants; empty: the first.</summary>
    public ReadOnlySpan<byte> Grant;

    public static unsafe bool TryParse(int count, byte** words, out Arguments arguments, scoped ref Problem problem)
    {
        arguments = default;
        for (int i = 1; i < count; i++)
        {
            ReadOnlySpan<byte> word = EnvironmentBlock.CString(words[i]);
            bool isAlone = count == 2;
            if (isAlone && word.SequenceEqual("--help"u8))
            {
                arguments.Job = Job.Help;
            }
            else if (isAlone && word.SequenceEqual("--version"u8))
            {
                arguments.Job = Job.Version;
            }
            else if (word.SequenceEqual("--check"u8) && arguments.Job == Job.PrintCredentials)
            {
                arguments.Job = Job.Check;
            }
            else if (word.SequenceEqual("--json"u8) && arguments.Job == Job.Check)
            {
                arguments.Job = Job.CheckJson;
            }
            else if (word.SequenceEqual("--grant"u8) && i + 1 < count)
            {
                arguments.Grant = EnvironmentBlock.CString(words[++i]);
                if (!IsGrant(arguments.Grant)) return BadGrant(ref problem);
            }
            else if (word.StartsWith("--grant="u8))
            {
                arguments.Grant = word.Slice("--grant="u8.Length);
                if (!IsGrant(arguments.Grant)) return BadGrant(ref problem);
            }
            else
            {
                bool isNamed = word.SequenceEqual("--help"u8) || word.SequenceEqual("--version"u8);
                return Unexpected(isNamed ? EnvironmentBlock.CString(words[i == 1 ? 2 : i]) : word, ref problem);
            }
        }

        return true;
    }

    /// <summary>A word that can stand in a path as it is: letters, digits, '-', '_', '.', and a letter or digit first.</summary>
    private static bool IsGrant(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > MaximumGrant || !(Ascii.IsLetter(name[0]) || Ascii.IsDigit(name[0]))) return false;
        for (int i = 0; i < name.Length; i++)
        {
            if (!Ascii.IsNameByte(name[i])) return false;
        }

        return true;
    }

    private static bool BadGrant(scoped ref Problem problem)
    {
        problem.Set(ExitCode.Usage, "--grant is not followed by the name of a grant"u8);
        return problem.Advise("A name is up to 64 letters, digits, '-', '_' and '.', and begins with a letter or digit."u8);
    }

    private static bool Unexpected(ReadOnlySpan<byte> word, scoped ref Problem problem)
    {
        int equals = word.IndexOf((byte)'=');
        problem.Set(ExitCode.Usage, "unexpected argument"u8);
        if (word.Length > 0 && word[0] == (byte)'-') // never a value: it may be a token
        {
            problem.Line.Append((byte)' ');
            problem.Line.AppendUntrusted(equals < 0 ? word : word.Slice(0, equals), 100);
        }

        return problem.Advise("Run it without arguments to print credentials; aws-cred --help says more."u8);
    }
}
