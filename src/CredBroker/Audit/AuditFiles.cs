using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace CredBroker.Audit;

/// <summary>The files of one trail: <c>audit.jsonl</c>, and those that it was before, named by the number of their first line: <c>audit.000000000001.jsonl</c>.</summary>
internal static class AuditFiles
{
    private const int Digits = 12;

    public static string OlderName(string path, long firstSeq) =>
        Path.Combine(Path.GetDirectoryName(path)!, $"{Path.GetFileNameWithoutExtension(path)}.{firstSeq.ToString($"D{Digits}", CultureInfo.InvariantCulture)}{Path.GetExtension(path)}");

    /// <summary>The rotated ones, oldest first.</summary>
    public static IReadOnlyList<string> Older(string path)
    {
        string folder = Path.GetDirectoryName(path)!, start = Path.GetFileNameWithoutExtension(path) + ".", end = Path.GetExtension(path);
        if (!Directory.Exists(folder)) return [];
        return
        [
            .. Directory.EnumerateFiles(folder)
                .Select(file => (File: file, Name: Path.GetFileName(file)))
                .Where(found => found.Name.StartsWith(start, StringComparison.Ordinal) && found.Name.EndsWith(end, StringComparison.Ordinal) && found.Name.Length >= start.Length + Digits + end.Length)
                .Select(found => (found.File, Digits: found.Name[start.Length..^end.Length]))
                .Where(found => found.Digits.All(char.IsAsciiDigit) && long.TryParse(found.Digits, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .OrderBy(found => long.Parse(found.Digits, CultureInfo.InvariantCulture))
                .Select(found => found.File),
        ];
    }
}
