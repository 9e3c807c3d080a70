using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Sets the default of the runtime's switch <c>EnableDiagnostics</c> to off, in the host that the single file is made from. The runtime has this switch in
/// its environment alone, and that is too late: whoever can connect to <c>/tmp/dotnet-diagnostic-PID-socket</c>, and a command in a sandbox that shares
/// <c>/tmp</c> can, may load code of their own into the process that holds the host's identity. With DOTNET_EnableDiagnostics=1 it is on again.
/// An MSBuild task of CloseDiagnostics.targets.
/// </summary>
/// <remarks>
/// A switch is a structure of the runtime: a pointer to its name, its default (32 bits), and options (32 bits). The name is UTF-16 text in the file; the one
/// relocation that has its address says where the structure is. Source: dotnet/runtime, src/coreclr/utilcode/clrconfig.cpp, CLRConfig::ConfigDWORDInfo.
/// </remarks>
public sealed class CloseDiagnostics : Task
{
    private const string Name = "EnableDiagnostics";
    private const int PT_LOAD = 1, PT_DYNAMIC = 2, DT_RELA = 7, DT_RELASZ = 8, R_X86_64_RELATIVE = 8;
    private const int DefaultOffset = 8;

    private byte[] _file;
    private List<(long Offset, long Address, long Size)> _segments;

    /// <summary>The host, a PIE for x64, changed in place. Once changed it is left alone.</summary>
    [Required]
    public string File { get; set; }

    public override bool Execute()
    {
        try
        {
            _file = System.IO.File.ReadAllBytes(File);
            _segments = [.. ProgramHeaders(PT_LOAD)];
            long switchOffset = OffsetOf(StructureOf(AddressOfName()));
            int value = BitConverter.ToInt32(_file, (int)switchOffset + DefaultOffset);
            Require(value is 0 or 1, $"the default is {value}");
            if (value == 0) return true;
            _file[switchOffset + DefaultOffset] = 0;
            System.IO.File.WriteAllBytes(File, _file);
        }
        catch (InvalidDataException exception)
        {
            Log.LogError("{0}: the runtime's diagnostics cannot be closed: {1}. Does this runtime still have its switches in CLRConfig::ConfigDWORDInfo?", File, exception.Message);
        }

        return !Log.HasLoggedErrors;
    }

    private long AddressOfName()
    {
        // One character for each byte: a task like this one has no spans to search.
        Encoding bytes = Encoding.GetEncoding("iso-8859-1");
        string file = bytes.GetString(_file), name = bytes.GetString(Encoding.Unicode.GetBytes(Name + "\0"));
        int found = file.IndexOf(name, StringComparison.Ordinal);
        Require(found >= 0, $"the name {Name} is not in it");
        Require(file.IndexOf(name, found + 1, StringComparison.Ordinal) < 0, $"the name {Name} is in it more than once");
        (long offset, long address, _) = _segments.Single(segment => found >= segment.Offset && found < segment.Offset + segment.Size);
        return found - offset + address;
    }

    private long StructureOf(long name)
    {
        (long offset, _, long size) = ProgramHeaders(PT_DYNAMIC).Single();
        Dictionary<long, long> dynamic = [];
        for (long at = offset; at < offset + size; at += 16) dynamic[Word(at)] = Word(at + 8);
        long table = OffsetOf(dynamic[DT_RELA]);
        List<long> found = [];
        for (long at = table; at < table + dynamic[DT_RELASZ]; at += 24)
        {
            if (Word(at + 8) == R_X86_64_RELATIVE && Word(at + 16) == name) found.Add(Word(at));
        }

        Require(found.Count == 1, $"{found.Count} structures have the name {Name}");
        return found[0];
    }

    private long OffsetOf(long address)
    {
        (long offset, long start, _) = _segments.Single(segment => address >= segment.Address && address < segment.Address + segment.Size);
        return address - start + offset;
    }

    private IEnumerable<(long Offset, long Address, long Size)> ProgramHeaders(int type)
    {
        long table = Word(32);
        for (int i = 0; i < BitConverter.ToUInt16(_file, 56); i++)
        {
            long header = table + 56 * i;
            if (BitConverter.ToInt32(_file, (int)header) == type) yield return (Word(header + 8), Word(header + 16), Word(header + 32));
        }
    }

    private long Word(long offset) => BitConverter.ToInt64(_file, (int)offset);

    private static void Require(bool condition, string why)
    {
        if (!condition) throw new InvalidDataException(why);
    }
}
