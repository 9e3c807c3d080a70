using System;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ReadyToRun;

/// <summary>
/// <c>ReadyToRun FOLDER PROFILE</c> prepares the trimmed assemblies in FOLDER for the ahead-of-time compiler, so that it compiles what it would otherwise
/// leave to every start of the program: it writes PROFILE, which names methods that the compiler does not find by itself, and takes a mark from those that
/// it would not compile. Run again it changes nothing.
/// </summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        if (arguments is not [string folder, string file])
        {
            Console.Error.WriteLine("usage: ReadyToRun FOLDER PROFILE");
            return 2;
        }

        try
        {
            return Prepare(folder, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            return Fail($"cannot prepare {folder}: {e.Message} Delete it, so that the next build trims anew.");
        }
    }

    private static int Prepare(string folder, string file)
    {
        var profile = new CompilerProfile();
        int boxes = 0, marks = 0;
        foreach (string assembly in Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal))
        {
            byte[] bytes = File.ReadAllBytes(assembly);
            using var image = new PEReader([.. bytes]);
            if (!image.HasMetadata) continue;
            MetadataReader metadata = image.GetMetadataReader();
            boxes += StateMachines.AddTo(profile, metadata);
            int removed = OptimizationMark.Remove(image, metadata, bytes);
            if (removed > 0) WholeFile.Write(assembly, stream => stream.Write(bytes));
            marks += removed;
        }

        if (boxes == 0) return Fail($"no async method in {folder} has a box of shared code; are the builders of async methods named as StateMachines.cs has them?");
        profile.Write(file);
        Console.WriteLine($"ReadyToRun: {boxes} boxes in {file}, {marks} marks removed");
        return 0;
    }

    private static int Fail(string why)
    {
        Console.Error.WriteLine($"ReadyToRun: error: {why}");
        return 1;
    }
}
