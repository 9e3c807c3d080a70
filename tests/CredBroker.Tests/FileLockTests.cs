using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using CredBroker.Files;

namespace CredBroker.Tests;

public sealed class FileLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_at_a_time_holds_it()
    {
        using FileLock held = FileLock.Try(_folder["lock"])!;

        Assert.Null(FileLock.Try(_folder["lock"]));
    }

    /// <summary>Between fork and exec a child of another thread has a copy of every descriptor.</summary>
    [Fact]
    public void Given_up_it_is_free_also_while_a_child_has_a_copy_of_its_descriptor()
    {
        FileLock held = FileLock.Try(_folder["lock"])!;
        int copy = dup(DescriptorOf(_folder["lock"]));
        Assert.True(copy >= 0);
        try
        {
            held.Dispose();

            using FileLock? next = FileLock.Try(_folder["lock"]);
            Assert.NotNull(next);
        }
        finally
        {
            Assert.Equal(0, close(copy));
        }
    }

    private static int DescriptorOf(string path) =>
        int.Parse(Path.GetFileName(Directory.EnumerateFileSystemEntries("/proc/self/fd").Single(each => new FileInfo(each).LinkTarget == path)), CultureInfo.InvariantCulture);

    [DllImport("libc")]
    private static extern int dup(int descriptor);

    [DllImport("libc")]
    private static extern int close(int descriptor);
}
