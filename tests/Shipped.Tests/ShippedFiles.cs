using System;
using System.Diagnostics;
using System.IO;
using System.Reflection;

namespace Shipped.Tests;

/// <summary>Where the published programs are. One that is missing fails its test: skipped tests would let a build ship untested.</summary>
internal static class ShippedFiles
{
    public static string Root { get; } = FindRoot();

    /// <summary>The version that all projects of this build share.</summary>
    public static string Version { get; } = typeof(ShippedFiles).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static string Helper(string rid)
    {
        string path = Path.Combine(Root, "artifacts", "helpers", rid, "aws-cred");
        if (!File.Exists(path)) Assert.Fail($"{path} does not exist: run build/cake helpers");
        return path;
    }

    public static string Broker
    {
        get
        {
            string path = Path.Combine(Root, "artifacts", "host", "linux-x64", "cred-broker");
            if (!File.Exists(path)) Assert.Fail($"{path} does not exist: run build/cake host");
            return path;
        }
    }

    /// <summary>
    /// To be executed. Another process writes it: a test that starts a program at that moment would for an instant hand its child our descriptor, and Linux
    /// executes nothing that is open for writing ("text file busy").
    /// </summary>
    public static void CopyHelper(string to)
    {
        using Process copy = Process.Start("/bin/cp", [Helper("linux-x64"), to]);
        copy.WaitForExit();
        Assert.Equal(0, copy.ExitCode);
    }

    /// <summary>How the helper runs on this x64 machine.</summary>
    public static string[] HelperCommand(string rid) => rid == "linux-x64" ? [Helper(rid)] : ["/usr/bin/qemu-aarch64-static", Helper(rid)];

    private static string FindRoot()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
