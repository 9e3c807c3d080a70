using System.Runtime.InteropServices;

namespace AwsCred;

/// <summary>The start of the native form: libc's start-up code calls <c>main</c>.</summary>
internal static unsafe class Start
{
    [UnmanagedCallersOnly(EntryPoint = "main")]
    private static int Enter(int argumentCount, byte** arguments, byte** environment) => Program.Run(argumentCount, arguments, environment);

    /// <summary>The C# compiler wants one in a program; nobody calls it.</summary>
    private static void Main() { }
}
