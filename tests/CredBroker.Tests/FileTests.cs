using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Files;

namespace CredBroker.Tests;

public sealed class FileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(UnixModes.PrivateFile, "600")]
    [InlineData(UnixModes.Program, "755")]
    public void An_atomic_file_has_its_content_and_mode_and_no_company(UnixFileMode mode, string octal)
    {
        AtomicFile.Write(_folder["file"], "content"u8, mode);

        Assert.Equal(("content", octal), (File.ReadAllText(_folder["file"]), Modes.Of(_folder["file"])));
        Assert.Equal(["file"], _folder.Names);
    }

    [Fact]
    public void An_atomic_file_takes_the_place_of_an_older_one_and_its_mode()
    {
        File.SetUnixFileMode(_folder.Write("file", "longer than what replaces it"), UnixModes.Program);

        AtomicFile.Write(_folder["file"], "new"u8, UnixModes.PrivateFile);

        Assert.Equal(("new", "600"), (File.ReadAllText(_folder["file"]), Modes.Of(_folder["file"])));
        Assert.Equal(["file"], _folder.Names);
    }

    [Fact]
    public void A_reader_of_the_older_file_keeps_it()
    {
        using StreamReader reader = new(_folder.Write("file", "old"));

        AtomicFile.Write(_folder["file"], "new"u8, UnixModes.PrivateFile);

        Assert.Equal("old", reader.ReadToEnd());
    }

    [Fact]
    public void A_link_is_replaced_and_not_followed()
    {
        File.CreateSymbolicLink(_folder["link"], _folder.Write("target", "old"));

        AtomicFile.Write(_folder["link"], "new"u8, UnixModes.PrivateFile);

        Assert.Equal(("old", "new", null), (File.ReadAllText(_folder["target"]), File.ReadAllText(_folder["link"]), new FileInfo(_folder["link"]).LinkTarget));
    }

    [Fact]
    public void A_write_that_fails_leaves_nothing_behind()
    {
        Directory.CreateDirectory(_folder["folder"]);
        _folder.Write("file", "old");

        Assert.ThrowsAny<IOException>(() => AtomicFile.Write(_folder["missing/file"], "new"u8, UnixModes.PrivateFile));
        Assert.ThrowsAny<IOException>(() => AtomicFile.Write(_folder["file/file"], "new"u8, UnixModes.PrivateFile));
        Exception overFolder = Assert.ThrowsAny<Exception>(() => AtomicFile.Write(_folder["folder"], "new"u8, UnixModes.PrivateFile));

        Assert.True(overFolder is IOException or UnauthorizedAccessException, overFolder.ToString());
        Assert.Equal(["file", "folder"], _folder.Names);
        Assert.Equal("old", File.ReadAllText(_folder["file"]));
    }

    [Fact]
    public void A_lock_is_one_holders_until_it_is_disposed()
    {
        using (FileLock first = FileLock.Try(_folder["lock"])!)
        {
            Assert.NotNull(first);
            Assert.Null(FileLock.Try(_folder["lock"]));
        }

        using FileLock? second = FileLock.Try(_folder["lock"]);
        Assert.NotNull(second);
        Assert.Equal("600", Modes.Of(_folder["lock"]));
    }

    [Fact]
    public void Waiting_for_a_lock_ends_when_it_is_free()
    {
        FileLock first = FileLock.Wait(_folder["lock"]);
        int order = 0, freedAs = 0, takenAs = 0;
        using ManualResetEventSlim isWaiting = new();
        Thread waiter = new(() =>
        {
            isWaiting.Set();
            using FileLock second = FileLock.Wait(_folder["lock"]);
            takenAs = Interlocked.Increment(ref order);
        });
        waiter.Start();
        isWaiting.Wait();

        freedAs = Interlocked.Increment(ref order);
        first.Dispose();
        waiter.Join();

        Assert.Equal((1, 2), (freedAs, takenAs));
    }

    [Fact]
    public async Task A_lock_is_held_by_one_thread_at_a_time()
    {
        int holders = 0, most = 0, total = 0;
        List<Task> threads = [];
        for (int i = 0; i < 8; i++)
        {
            threads.Add(Task.Factory.StartNew(
                () =>
                {
                    for (int turn = 0; turn < 50; turn++)
                    {
                        using FileLock held = FileLock.Wait(_folder["lock"]);
                        most = Math.Max(most, Interlocked.Increment(ref holders));
                        total++;
                        Interlocked.Decrement(ref holders);
                    }
                },
                TaskCreationOptions.LongRunning));
        }

        await Task.WhenAll(threads);

        Assert.Equal((1, 400), (most, total));
    }

    [Fact]
    public void A_lock_that_cannot_be_is_an_error_and_not_a_lock_that_somebody_has()
    {
        Directory.CreateDirectory(_folder["folder"]);
        File.CreateSymbolicLink(_folder["link"], _folder["target"]);

        Assert.Throws<IOException>(() => FileLock.Try(_folder["folder"]));
        Assert.Throws<FileNotFoundException>(() => FileLock.Try(_folder["missing/lock"]));
        Assert.Throws<FileNotFoundException>(() => FileLock.TryExisting(_folder["missing"]));
        Assert.Throws<IOException>(() => FileLock.Try(_folder["link"]));
        Assert.Equal(["folder", "link"], _folder.Names);
    }

    public static TheoryData<string, string[], string, string> Places => new()
    {
        { "the user's home", ["HOME=/home/me"], "/home/me/.config/cred-broker/grants.json", "/home/me/.local/state/cred-broker/runs" },
        { "XDG's folders", ["HOME=/home/me", "XDG_CONFIG_HOME=/c", "XDG_STATE_HOME=/s"], "/c/cred-broker/grants.json", "/s/cred-broker/runs" },
        { "one of XDG's", ["HOME=/home/me", "XDG_STATE_HOME=/s"], "/home/me/.config/cred-broker/grants.json", "/s/cred-broker/runs" },
        { "empty is as if not set", ["HOME=/home/me", "XDG_CONFIG_HOME=", "XDG_STATE_HOME=", "CRED_BROKER_HOME="], "/home/me/.config/cred-broker/grants.json", "/home/me/.local/state/cred-broker/runs" },
        { "XDG: what is not absolute is to be ignored", ["HOME=/home/me", "XDG_CONFIG_HOME=c", "XDG_STATE_HOME=./s"], "/home/me/.config/cred-broker/grants.json", "/home/me/.local/state/cred-broker/runs" },
        { "our own wins over all", ["HOME=/home/me", "XDG_CONFIG_HOME=/c", "XDG_STATE_HOME=/s", "CRED_BROKER_HOME=/o"], "/o/grants.json", "/o/runs" },
        { "our own, as people type it", ["CRED_BROKER_HOME=/o/../p/"], "/p/grants.json", "/p/runs" },
        { "our own, relative", ["CRED_BROKER_HOME=o"], Path.GetFullPath("o/grants.json"), Path.GetFullPath("o/runs") },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void State_stands_in(string why, string[] environment, string grants, string runs)
    {
        Dictionary<string, string> variables = [];
        foreach (string entry in environment) variables.Add(entry.Split('=')[0], entry.Split('=')[1]);

        StatePaths paths = StatePaths.From(variables.GetValueOrDefault);

        string state = Path.GetDirectoryName(runs)!;
        Assert.Equal((why, new StatePaths(grants, runs, state + "/sessions/sessions.db", state + "/control/control.sock")), (why, paths));
    }

    [Theory]
    [InlineData("XDG's folder for sockets", "XDG_RUNTIME_DIR=/run/user/1000", "/run/user/1000/cred-broker/control.sock")]
    [InlineData("XDG: what is not absolute is to be ignored", "XDG_RUNTIME_DIR=run", "/home/me/.local/state/cred-broker/control/control.sock")]
    [InlineData("our own wins over all", "XDG_RUNTIME_DIR=/run/user/1000;CRED_BROKER_HOME=/o", "/o/control/control.sock")]
    public void The_control_socket_stands_in(string why, string environment, string control)
    {
        Dictionary<string, string> variables = environment.Split(';').ToDictionary(entry => entry.Split('=')[0], entry => entry.Split('=')[1]);
        variables["HOME"] = "/home/me";

        Assert.Equal((why, control), (why, StatePaths.From(variables.GetValueOrDefault).Control));
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
