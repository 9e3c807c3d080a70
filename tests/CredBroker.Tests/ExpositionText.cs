using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace CredBroker.Tests;

/// <summary>A strict reader of Prometheus' exposition format 0.0.4: whatever it does not allow fails.</summary>
internal static partial class ExpositionText
{
    /// <returns>Values by name and labels, as written.</returns>
    public static IReadOnlyDictionary<string, double> Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        Dictionary<string, double> samples = [];
        HashSet<string> families = [];
        (string Name, string Type) family = ("", "");
        string[] lines = text[..^1].Split('\n');
        for (int line = 0; line < lines.Length; line++)
        {
            if (Help().Match(lines[line]) is { Success: true } help)
            {
                Match type = Type().Match(lines[++line]);
                Assert.True(type.Success && type.Groups["name"].Value == help.Groups["name"].Value, lines[line]);
                family = (type.Groups["name"].Value, type.Groups["type"].Value);
                Assert.True(families.Add(family.Name), $"a second family {family.Name}");
                continue;
            }

            Match sample = Sample().Match(lines[line]);
            Assert.True(sample.Success, $"line {line + 1}: {lines[line]}");
            string name = sample.Groups["name"].Value, suffix = name[Math.Min(name.Length, family.Name.Length)..];
            Assert.StartsWith(family.Name, name, StringComparison.Ordinal);
            Assert.Contains(suffix, family.Type == "histogram" ? ["_bucket", "_sum", "_count"] : (string[])[""]);
            string[] labels = [.. sample.Groups["label"].Captures.Select(label => label.Value)];
            Assert.Equal(labels.Length, labels.Distinct().Count());
            double value = sample.Groups["value"].Value == "+Inf" ? double.PositiveInfinity : double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture);
            Assert.True(family.Type == "gauge" || value >= 0, lines[line]);
            Assert.True(samples.TryAdd(lines[line][..lines[line].LastIndexOf(' ')], value), $"a second sample {lines[line]}");
        }

        AssertBuckets(samples);
        return samples;
    }

    /// <summary>Each bucket holds those below it, and the last all.</summary>
    private static void AssertBuckets(Dictionary<string, double> samples)
    {
        double last = 0;
        foreach ((string name, double value) in samples)
        {
            if (!name.Contains("_bucket{", StringComparison.Ordinal)) continue;
            Assert.True(value >= last, name);
            last = value;
            if (!name.Contains("le=\"+Inf\"", StringComparison.Ordinal)) continue;
            Assert.Equal(value, samples[Regex.Replace(name, "_bucket\\{(.*?),?le=\"\\+Inf\"\\}", match => "_count" + (match.Groups[1].Length > 0 ? $"{{{match.Groups[1].Value}}}" : ""))]);
            last = 0;
        }
    }

    [GeneratedRegex(@"\A# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?:[^\\\n]|\\[\\n])*\z")]
    private static partial Regex Help();

    [GeneratedRegex(@"\A# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram)\z")]
    private static partial Regex Type();

    [GeneratedRegex("""\A(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?<label>[a-zA-Z_][a-zA-Z0-9_]*)="([^\\"\n]|\\[\\"n])*"(,(?=[a-z])|(?=\})))+\})? (?<value>[-+]?[0-9]+(\.[0-9]+)?(E[-+][0-9]+)?|\+Inf)\z""")]
    private static partial Regex Sample();
}
