using System.Text;

namespace AwsCred.Tests;

public unsafe class ProblemTests
{
    [Fact]
    public void Is_one_line_and_a_hint()
    {
        byte* memory = stackalloc byte[Problem.Memory];
        Problem problem = new(memory);

        Assert.False(problem.Set(ExitCode.Usage, "a"u8, "b"u8, "c"u8));
        Assert.False(problem.Advise("d"u8, "e"u8));
        Assert.False(problem.Advise("f"u8));

        Assert.Equal((ExitCode.Usage, "aws-cred: error: abc\naws-cred: hint: def\n"), (problem.Exit, Print(problem)));
    }

    [Fact]
    public void Has_no_hint_line_without_a_hint()
    {
        byte* memory = stackalloc byte[Problem.Memory];
        Problem problem = new(memory);
        problem.Set(ExitCode.Failed, "a"u8);

        Assert.Equal((ExitCode.Failed, "aws-cred: error: a\n"), (problem.Exit, Print(problem)));
    }

    [Fact]
    public void Forgets_what_was_wrong_before()
    {
        byte* memory = stackalloc byte[Problem.Memory];
        Problem problem = new(memory);
        problem.Set(ExitCode.Usage, "long ago"u8);
        problem.Advise("and far away"u8);
        problem.Set(ExitCode.Failed, "a"u8);

        Assert.Equal((ExitCode.Failed, "aws-cred: error: a\n"), (problem.Exit, Print(problem)));
    }

    [Fact]
    public void Stays_below_4_KiB()
    {
        byte* memory = stackalloc byte[Problem.Memory];
        Problem problem = new(memory);
        byte[] much = Encoding.ASCII.GetBytes(new string('x', 5000));
        problem.Set(ExitCode.Failed, much);
        problem.Advise(much);

        string half = new('x', Problem.Memory / 2);
        Assert.Equal($"aws-cred: error: {half}\naws-cred: hint: {half}\n", Print(problem));
        Assert.InRange(Print(problem).Length, 1, 4096);
    }

    private static string Print(in Problem problem)
    {
        byte* memory = stackalloc byte[Problem.Memory + 64]; // as Program has it
        Text text = new(memory, Problem.Memory + 64);
        problem.AppendTo(ref text);
        Assert.False(text.Overflowed);
        return Encoding.ASCII.GetString(text.Written);
    }
}
