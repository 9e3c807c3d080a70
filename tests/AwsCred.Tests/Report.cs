using System.Text;

namespace AwsCred.Tests;

/// <summary>What a problem says, out of the memory that it borrowed.</summary>
internal sealed record Report(ExitCode Exit, string Line, string Hint)
{
    public static Report Of(in Problem problem) =>
        new(problem.Exit, Encoding.UTF8.GetString(problem.Line.Written), Encoding.UTF8.GetString(problem.Hint.Written));
}
