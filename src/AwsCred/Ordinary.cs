using System;
using System.Collections;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace AwsCred;

/// <summary>The start of the ordinary form: gives <see cref="Program.Run"/> what the kernel gives the native one (Bare/Start.cs).</summary>
internal static unsafe class Ordinary
{
    private static int Main(string[] arguments)
    {
        List<string> environment = [];
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables()) environment.Add($"{entry.Key}={entry.Value}");
        return Program.Run(arguments.Length + 1, Block(["aws-cred", .. arguments]), Block(environment));
    }

    /// <summary>Pointers to NUL-terminated UTF-8, the last one null; lives as long as the process.</summary>
    internal static byte** Block(IReadOnlyList<string> texts)
    {
        byte** block = (byte**)NativeMemory.AllocZeroed((nuint)texts.Count + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Count; i++) block[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
        return block;
    }
}

/// <summary>The dynamic linker of the ordinary form has relocated all (Bare/DeferredRelocations.cs).</summary>
internal static class DeferredRelocations
{
    public static bool TryApply() => true;
}
