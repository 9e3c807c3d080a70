using System;
using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace ReadyToRun;

/// <summary>
/// <c>MethodImplOptions.AggressiveOptimization</c> keeps a method from being compiled ahead of time: at each start the JIT makes its best code of it at once.
/// For Kestrel's reader of headers that is 15 ms of the first request. Without the mark such a method is treated as any other: precompiled, and made
/// better while it is busy.
/// </summary>
/// <remarks>It is one bit of the method's row in the assembly (ECMA-335, II.22.26, ImplFlags), and changes nothing that the method does.</remarks>
internal static class OptimizationMark
{
    private const int ImplFlagsOffset = 4;

    /// <summary>Removes the marks in the bytes of an assembly.</summary>
    /// <returns>How many there were.</returns>
    public static int Remove(PEReader image, MetadataReader metadata, Span<byte> bytes)
    {
        int table = image.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.MethodDef), row = metadata.GetTableRowSize(TableIndex.MethodDef);
        var removed = 0;
        foreach (MethodDefinitionHandle method in metadata.MethodDefinitions)
        {
            MethodImplAttributes flags = metadata.GetMethodDefinition(method).ImplAttributes;
            if ((flags & MethodImplAttributes.AggressiveOptimization) == 0) continue;
            int offset = table + (MetadataTokens.GetRowNumber(method) - 1) * row + ImplFlagsOffset;
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[offset..], (ushort)(flags & ~MethodImplAttributes.AggressiveOptimization));
            removed++;
        }

        return removed;
    }
}
