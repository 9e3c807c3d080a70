using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Shipped.Tests;

/// <summary>A seccomp filter that lets the named system calls of x64 through and kills the process at any other. See seccomp(2).</summary>
internal static class SeccompFilter
{
    private const ushort LoadWord = 0x20, JumpIfEqual = 0x15, Return = 0x06; // BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
    private const uint Allow = 0x7FFF0000, KillProcess = 0x80000000; // SECCOMP_RET_…
    private const uint NumberOffset = 0, ArchitectureOffset = 4, X64 = 0xC000003E; // struct seccomp_data, AUDIT_ARCH_X86_64

    /// <summary>What bubblewrap's --seccomp takes: an array of <c>struct sock_filter</c>.</summary>
    public static byte[] Allowing(IEnumerable<string> names)
    {
        List<byte> program = [];
        Add(LoadWord, 0, 0, ArchitectureOffset);
        Add(JumpIfEqual, 1, 0, X64);
        Add(Return, 0, 0, KillProcess);
        Add(LoadWord, 0, 0, NumberOffset);
        foreach (string name in names)
        {
            Add(JumpIfEqual, 0, 1, Number(name));
            Add(Return, 0, 0, Allow);
        }

        Add(Return, 0, 0, KillProcess);
        return [.. program];

        void Add(ushort code, byte ifTrue, byte ifFalse, uint operand)
        {
            byte[] instruction = new byte[8];
            BinaryPrimitives.WriteUInt16LittleEndian(instruction, code);
            instruction[2] = ifTrue;
            instruction[3] = ifFalse;
            BinaryPrimitives.WriteUInt32LittleEndian(instruction.AsSpan(4), operand);
            program.AddRange(instruction);
        }
    }

    /// <summary>From the kernel's header, which comes with the libc that the helper is linked with.</summary>
    private static uint Number(string name)
    {
        string line = File.ReadLines("/usr/include/x86_64-linux-gnu/asm/unistd_64.h").Single(line => line.StartsWith($"#define __NR_{name} ", StringComparison.Ordinal));
        return uint.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture);
    }
}
