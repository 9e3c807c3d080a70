using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CredBroker.Payload;

namespace CredBroker.Tests;

public sealed class EmbeddedHelpersTests : IDisposable
{
    private const ushort X64 = 62, Arm64 = 183; // e_machine, elf(5)

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("linux-x64", X64)]
    [InlineData("linux-arm64", Arm64)]
    public void Each_helper_is_of_its_architecture_and_hash(string rid, ushort machine)
    {
        byte[] helper = EmbeddedHelpers.Read(rid);

        Assert.Equal("\u007fELF"u8, helper.AsSpan(0, 4));
        Assert.Equal(machine, BitConverter.ToUInt16(helper, 18));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(helper)), EmbeddedHelpers.RecordedHash(rid));
    }

    [Fact]
    public void There_are_two_and_one_of_them_runs_here()
    {
        Assert.Equal(["linux-x64", "linux-arm64"], EmbeddedHelpers.Rids);
        Assert.Equal(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64", EmbeddedHelpers.ThisMachine);
        Assert.NotEqual(EmbeddedHelpers.RecordedHash("linux-x64"), EmbeddedHelpers.RecordedHash("linux-arm64"));
    }

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    public void Extraction_writes_a_program_for_all_and_no_other_file(string rid)
    {
        _folder.Write("aws-cred", "what was there before");

        Assert.Null(EmbeddedHelpers.Extract(rid, _folder["aws-cred"]));

        Assert.Equal((EmbeddedHelpers.RecordedHash(rid), "755"), (Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder["aws-cred"]))), Modes.Of(_folder["aws-cred"])));
        Assert.Equal(["aws-cred"], _folder.Names);
    }

    [Fact]
    public void A_helper_that_is_running_can_be_replaced()
    {
        Assert.Null(EmbeddedHelpers.Extract("linux-x64", _folder["aws-cred"]));
        using FileStream running = File.OpenRead(_folder["aws-cred"]);
        long size = running.Length;

        Assert.Null(EmbeddedHelpers.Extract("linux-arm64", _folder["aws-cred"]));

        Assert.Equal(size, running.Length);
        Assert.Equal(EmbeddedHelpers.Read("linux-x64").Length, size);
    }

    [Theory]
    [InlineData("a folder that is not there", "missing/aws-cred")]
    [InlineData("a file where the folder should be", "file/aws-cred")]
    [InlineData("a folder where the file should be", "folder")]
    public void Extraction_fails_cleanly_into(string why, string path)
    {
        _folder.Write("file", "old");
        Directory.CreateDirectory(_folder["folder"]);

        Failure? failure = EmbeddedHelpers.Extract("linux-x64", _folder[path]);

        Assert.Equal((why, FailureKind.Host, "HelperNotWritten"), (why, failure!.Kind, failure.Code));
        Assert.StartsWith($"cannot write the helper to {_folder[path]}: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["file", "folder"], _folder.Names);
        Assert.Equal("old", File.ReadAllText(_folder["file"]));
    }
}
