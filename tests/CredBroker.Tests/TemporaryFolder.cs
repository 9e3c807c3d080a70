using System;
using System.IO;
using System.Linq;

namespace CredBroker.Tests;

/// <summary>A folder of one test's own.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FolderPath { get; } = Directory.CreateTempSubdirectory("cred-broker-tests-").FullName;

    public string this[string name] => Path.Combine(FolderPath, name);

    /// <summary>Everything in it, at any depth, by relative path.</summary>
    public string[] Names =>
        [.. Directory.EnumerateFileSystemEntries(FolderPath, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(FolderPath, path)).Order(StringComparer.Ordinal)];

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public void Dispose() => Directory.Delete(FolderPath, recursive: true);
}
