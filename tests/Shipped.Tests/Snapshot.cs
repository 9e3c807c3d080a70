using System;
using System.IO;
using System.Runtime.CompilerServices;

namespace Shipped.Tests;

/// <summary>
/// Compares with <c>TestClass.Method.verified.txt</c> beside the test: Verify's convention, so that Verify.Xunit can take its place.
/// What differs is left as <c>….received.txt</c>; to accept it, rename that file.
/// </summary>
internal static class Snapshot
{
    public static void Match(string received, [CallerFilePath] string test = "", [CallerMemberName] string method = "")
    {
        string start = Path.Combine(Path.GetDirectoryName(OnDisk(test))!, $"{Path.GetFileNameWithoutExtension(test)}.{method}");
        string receivedFile = $"{start}.received.txt", verifiedFile = $"{start}.verified.txt";
        string verified = File.Exists(verifiedFile) ? File.ReadAllText(verifiedFile) : "";
        if (received == verified)
        {
            File.Delete(receivedFile);
            return;
        }

        File.WriteAllText(receivedFile, received);
        Assert.Fail($"{receivedFile} differs from {verifiedFile}:\n{Difference(verified, received)}");
    }

    /// <summary>The compiler writes /_/ for the root of the repository (PathMap).</summary>
    private static string OnDisk(string test) =>
        test.StartsWith("/_/", StringComparison.Ordinal) ? Path.Combine(ShippedFiles.Root, test[3..]) : test;

    /// <summary>From the first line that differs to the last.</summary>
    private static string Difference(string verified, string received)
    {
        string[] old = verified.Split('\n'), now = received.Split('\n');
        int start = 0, end = 0;
        while (start < old.Length && start < now.Length && old[start] == now[start]) start++;
        while (end < old.Length - start && end < now.Length - start && old[^(end + 1)] == now[^(end + 1)]) end++;
        string removed = string.Concat(Array.ConvertAll(old[start..^end], line => $"- {line}\n"));
        string added = string.Concat(Array.ConvertAll(now[start..^end], line => $"+ {line}\n"));
        return $"@@ line {start + 1}\n{removed}{added}";
    }
}
