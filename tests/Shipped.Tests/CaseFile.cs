using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Shipped.Tests;

/// <summary>
/// A file of cases/: lines that begin with # say what it proves, then sections, each after a line <c>--- title</c>. See cases/README.md.
/// </summary>
internal sealed partial class CaseFile
{
    private readonly List<(string Title, string Text)> _sections = [];

    public static string Folder { get; } = Path.Combine(ShippedFiles.Root, "tests", "Shipped.Tests", "cases");

    public IEnumerable<(string Title, string Text)> Sections => _sections;

    public static CaseFile Read(string name)
    {
        string text = File.ReadAllText(Path.Combine(Folder, $"{name}.case"));
        CaseFile file = new();
        string[] parts = $"\n{text[..^1]}".Split("\n--- "); // the newline before a section is the section's, and the file's last one
        Assert.Matches("^\n# [^\n]+", parts[0]);
        foreach (string part in parts[1..])
        {
            int end = part.IndexOf('\n', StringComparison.Ordinal);
            file._sections.Add(end < 0 ? (part, "") : (part[..end], Expand($"{part[(end + 1)..]}\n")));
        }

        return file;
    }

    /// <summary>The text of the section that a case has exactly once.</summary>
    public string this[string title] => _sections.Single(section => section.Title == title).Text;

    /// <summary>The sections whose titles begin so, with what comes after.</summary>
    public IEnumerable<(string Kind, string Text)> Of(string kind) =>
        from section in _sections
        where section.Title.StartsWith($"{kind} ", StringComparison.Ordinal)
        select (section.Title[(kind.Length + 1)..], section.Text);

    /// <summary>What means the same in every run.</summary>
    private static string Expand(string text) => RepeatPlaceholder().Replace(text, match =>
            string.Concat(Enumerable.Repeat(match.Groups[1].Value, int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))))
        .Replace("{token}", Sentinel.Token, StringComparison.Ordinal)
        .Replace("{secret}", Sentinel.Secret, StringComparison.Ordinal)
        .Replace("{session}", Sentinel.Session, StringComparison.Ordinal)
        .Replace("{newline}", "\n", StringComparison.Ordinal)
        .Replace("{escape}", "\u001b", StringComparison.Ordinal)
        .Replace("{version}", ShippedFiles.Version, StringComparison.Ordinal);

    [GeneratedRegex(@"\{repeat (\S+) (\d+)\}")]
    private static partial Regex RepeatPlaceholder();
}
