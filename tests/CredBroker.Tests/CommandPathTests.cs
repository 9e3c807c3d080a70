using System;
using System.IO;
using CredBroker.Runs;

namespace CredBroker.Tests;

public sealed class CommandPathTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    private readonly TemporaryFolder _folder = new();

    public CommandPathTests()
    {
        Program("first/both");
        Program("second/both");
        Program("second/only");
        _folder.Write("first/plain", "");
        Program("second/plain");
        _folder.Write("first/never", "");
        Directory.CreateDirectory(_folder["first/folder"]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("the first of PATH", "both", "first/both")]
    [InlineData("the second, where the first has none", "only", "second/only")]
    [InlineData("past a file that is no program", "plain", "second/plain")]
    public void Found_in_PATH(string why, string command, string path) =>
        Assert.Equal((why, true, _folder[path]), (why, Find(command, out string found, out _), found));

    [Theory]
    [InlineData("nowhere in PATH", "none", 127)]
    [InlineData("a file that is no program", "never", 126)]
    [InlineData("a folder", "folder", 126)]
    [InlineData("empty", "", 126)]
    public void Not_found_in_PATH(string why, string command, int exitCode) =>
        Assert.Equal((why, false, "", exitCode), (why, Find(command, out string found, out int actual), found, actual));

    [Fact]
    public void A_path_is_taken_as_it_is_and_not_searched()
    {
        Assert.True(CommandPath.TryFind(_folder["second/only"], _folder["first"], out string found, out _));
        Assert.Equal(_folder["second/only"], found);
        Assert.False(CommandPath.TryFind(_folder["none"], _folder["second"], out _, out int missing));
        Assert.False(CommandPath.TryFind(_folder["first"], _folder["second"], out _, out int folder));
        Assert.False(CommandPath.TryFind("./only", _folder["second"], out _, out int relative));
        Assert.Equal((127, 126, 127), (missing, folder, relative));
    }

    [Fact]
    public void A_relative_path_is_of_the_working_folder()
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, _folder["second/only"]);

        Assert.True(CommandPath.TryFind(relative, "", out string found, out _));
        Assert.Equal(_folder["second/only"], found);
    }

    [Fact]
    public void An_empty_entry_of_PATH_is_the_working_folder()
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, _folder.FolderPath);

        Assert.True(CommandPath.TryFind("only", $":{relative}/second", out string found, out _));
        Assert.Equal(_folder["second/only"], found);
    }

    [Fact]
    public void Without_PATH_the_systems_folders_are_searched()
    {
        Assert.True(CommandPath.TryFind("sh", null, out string found, out _));
        Assert.EndsWith("/bin/sh", found, StringComparison.Ordinal);
    }

    private bool Find(string command, out string path, out int exitCode) =>
        CommandPath.TryFind(command, $"{_folder["missing"]}:{_folder["first"]}:{_folder["second"]}", out path, out exitCode);

    private void Program(string name) => File.SetUnixFileMode(_folder.Write(name, "#!/bin/sh\n"), Executable);
}
