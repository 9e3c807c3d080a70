using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CredBroker.Files;

namespace CredBroker.Payload;

/// <summary>The published helpers that this program carries. build/EmbeddedHelpers.targets puts them and their hashes in.</summary>
internal static class EmbeddedHelpers
{
    public const string FileName = "aws-cred";

    public static IReadOnlyList<string> Rids { get; } = ["linux-x64", "linux-arm64"];

    /// <summary>The helper that runs on this machine; null on an architecture that there is none for.</summary>
    public static string? ThisMachine => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => "linux-x64",
        Architecture.Arm64 => "linux-arm64",
        _ => null,
    };

    /// <param name="rid">One of <see cref="Rids"/>.</param>
    public static byte[] Read(string rid)
    {
        using Stream stream = Resource($"{rid}/{FileName}");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>SHA-256 as recorded when this program was built, 64 hexadecimal digits.</summary>
    public static string RecordedHash(string rid)
    {
        using StreamReader reader = new(Resource("helpers.sha256"), Encoding.ASCII);
        IEnumerable<string[]> lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split("  "));
        return lines.Single(parts => parts[1].Trim() == rid)[0].ToLowerInvariant();
    }

    /// <summary>Writes a helper, mode 0755, as a whole or not at all, once its hash is the recorded one.</summary>
    /// <returns>Null when it is written.</returns>
    public static Failure? Extract(string rid, string path)
    {
        byte[] bytes = Read(rid);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != RecordedHash(rid))
        {
            return new Failure(FailureKind.Host, "HelperDamaged", $"the helper for {rid} in this cred-broker is not the one that it was built with", "Install cred-broker again, from where you trust it.");
        }

        try
        {
            AtomicFile.Write(path, bytes, UnixModes.Program);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure(FailureKind.Host, "HelperNotWritten", string.Create(CultureInfo.InvariantCulture, $"cannot write the helper to {path}: {e.Message}"), "Is there space, and may this user write there?");
        }
    }

    private static Stream Resource(string name) =>
        Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new InvalidOperationException($"the resource {name} is not in this build");
}
