using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Numerics;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>OpenSSL's tables are relocated by the runs that need TLS, and by no other: src/AwsCred/Bare/README.md says how.</summary>
public sealed class RelocationTests
{
    private const long DT_RELR = 36, DT_RELRSZ = 35, PT_DYNAMIC = 2, PT_GNU_RELRO = 0x6474e552;

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    public void Start_relocates_nothing_of_OpenSsl(string rid)
    {
        byte[] file = File.ReadAllBytes(ShippedFiles.Helper(rid));
        Dictionary<long, long> dynamic = Dynamic(file);
        long[] layout = [.. Words(file, Section(file, ".deferred"))];
        (long Start, long Size) relro = Segment(file, PT_GNU_RELRO);
        (long Start, long Size) table = Section(file, ".relr.dyn");
        bool IsOpenSsl(long address) => (address >= layout[0] && address < layout[1]) || (address >= layout[2] && address < layout[3]);

        long[] atStart = Relocated(Words(file, (dynamic[DT_RELR], dynamic[DT_RELRSZ])));
        long[] later = Relocated(Words(file, (layout[4], layout[5] - layout[4])));

        Assert.DoesNotContain(atStart, IsOpenSsl);
        Assert.All(later, address => Assert.True(IsOpenSsl(address)));
        Assert.InRange(atStart.Length, 500, 3_000);
        Assert.InRange(later.Length, 15_000, 30_000);
        Assert.Equal((table.Start, dynamic[DT_RELR] + dynamic[DT_RELRSZ], table.Start + table.Size), (dynamic[DT_RELR], layout[4], layout[5]));
        Assert.InRange(layout[0], relro.Start, layout[1]);
        Assert.InRange(layout[1], layout[0], relro.Start + relro.Size);
        foreach (long[] other in Words(file, Section(file, ".rela.dyn")).Chunk(3)) Assert.False(IsOpenSsl(other[0]));
    }

    [Fact]
    public async Task Tls_makes_the_tables_read_only_again_and_http_leaves_them_alone()
    {
        using Certificates certificates = new();
        using X509Certificate2 certificate = certificates.For(null, IPAddress.Loopback);
        await using TransportBroker https = TransportBroker.Tls(certificate);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("aws-cred-relocation-");
        string authority = Path.Combine(folder.FullName, "ca.pem"), path = Path.Combine(folder.FullName, "s");
        await File.WriteAllTextAsync(authority, certificates.AuthorityPem);
        await using TransportBroker unix = TransportBroker.Unix(path);

        string[][] withTls = await ProtectionsAsync($"https://127.0.0.1:{https.Port}", authority);
        string[][] without = await ProtectionsAsync($"unix://{path}", authority);
        folder.Delete(recursive: true);

        Assert.Equal(["PROT_READ"], without.Select(call => call[2]));
        Assert.Equal(["PROT_READ", "PROT_READ|PROT_WRITE", "PROT_READ"], withTls.Select(call => call[2].Replace("PROT_WRITE|PROT_READ", "PROT_READ|PROT_WRITE", StringComparison.Ordinal)));
        Assert.Equal(withTls[1][..2], withTls[2][..2]);
    }

    /// <summary>The arguments of every mprotect(2) of a run that succeeds, as qemu tells them.</summary>
    private static async Task<string[][]> ProtectionsAsync(string url, string authority)
    {
        ProcessResult result = await ProcessRun.RunAsync(["/usr/bin/qemu-aarch64-static", "-strace", ShippedFiles.Helper("linux-arm64")], new Dictionary<string, string>
        {
            ["AWS_CRED_URL"] = url,
            ["AWS_CRED_TOKEN"] = Sentinel.Token,
            ["AWS_CRED_CA_FILE"] = authority,
        });
        Assert.Equal((0, Sentinel.Document + "\n"), (result.ExitCode, result.Output));
        return [.. result.Error.Split('\n').Where(line => line.Contains(" mprotect(", StringComparison.Ordinal)).Select(line => line.Split('(')[1].Split(')')[0].Split(','))];
    }

    /// <summary>What a RELR table relocates: an even word is an address; an odd one is a bitmap of the 63 words after what came before.</summary>
    private static long[] Relocated(IEnumerable<long> table)
    {
        List<long> all = [];
        long next = 0;
        foreach (long word in table)
        {
            if ((word & 1) == 0) all.Add(word);
            else
            {
                for (ulong bits = (ulong)word >> 1; bits != 0; bits &= bits - 1) all.Add(next + 8 * BitOperations.TrailingZeroCount(bits));
            }

            next = (word & 1) == 0 ? word + 8 : next + 8 * 63;
        }

        return [.. all];
    }

    // What is looked at lies in the first segment or in a section: file offsets and addresses of the tables are the same there.
    private static IEnumerable<long> Words(byte[] file, (long Start, long Size) range)
    {
        for (long at = range.Start; at < range.Start + range.Size; at += 8) yield return Word(file, at);
    }

    private static long Word(byte[] file, long at) => BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan((int)at));

    private static Dictionary<long, long> Dynamic(byte[] file)
    {
        long header = Headers(file).Single(at => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan((int)at)) == PT_DYNAMIC);
        return Words(file, (Word(file, header + 8), Word(file, header + 32))).Chunk(2).TakeWhile(entry => entry[0] != 0).ToDictionary(entry => entry[0], entry => entry[1]);
    }

    private static (long Start, long Size) Segment(byte[] file, long type)
    {
        long header = Headers(file).Single(at => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan((int)at)) == type);
        return (Word(file, header + 16), Word(file, header + 40));
    }

    private static IEnumerable<long> Headers(byte[] file) =>
        Enumerable.Range(0, BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(0x38))).Select(i => Word(file, 0x20) + 56 * i);

    private static (long Start, long Size) Section(byte[] file, string name)
    {
        long headers = Word(file, 0x28), names = Word(file, headers + 64 * BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(0x3e)) + 24);
        long header = Enumerable.Range(0, BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(0x3c))).Select(i => headers + 64 * i)
            .Single(at => file.AsSpan((int)(names + BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan((int)at)))).StartsWith(Encoding.ASCII.GetBytes(name + "\0")));
        Assert.Equal(Word(file, header + 16), Word(file, header + 24));
        return (Word(file, header + 24), Word(file, header + 32));
    }
}
