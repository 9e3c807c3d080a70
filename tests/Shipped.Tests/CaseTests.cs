using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>Every file of cases/ against the published helper of one architecture.</summary>
public abstract class CaseTests(string rid)
{
    private static readonly string[] s_titles = ["arguments", "environment", "broker is down", "request", "exit", "stdout", "stderr"];
    private static readonly string[] s_kinds = ["file ", "directory ", "broker "];

    public static TheoryData<string> Cases { get; } =
        [.. Directory.GetFiles(CaseFile.Folder, "*.case").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Does_as_the_case_says(string name)
    {
        CaseFile file = CaseFile.Read(name);
        Assert.All(file.Sections, section => Assert.True(IsKnown(section.Title), $"unknown section {section.Title}"));
        BrokerPlay[] plays = [.. from section in file.Of("broker") where section.Kind != "is down" select BrokerPlay.Parse(section.Kind, section.Text)];
        await using ScriptedBroker broker = ScriptedBroker.Start(plays);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("aws-cred-case-");
        try
        {
            Func<string, string> fill = text => text
                .Replace("{port}", broker.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{dir}", folder.FullName, StringComparison.Ordinal);
            foreach ((string path, string text) in file.Of("file")) File.WriteAllText(Path.Combine(folder.FullName, path), text);
            foreach ((string path, _) in file.Of("directory")) folder.CreateSubdirectory(path);

            ProcessResult result = await ProcessRun.RunAsync([.. ShippedFiles.HelperCommand(rid), .. Lines(file, "arguments")], Environment(file, fill));

            AssertStream(fill(file["stderr"]), result.Error);
            AssertStream(fill(file["stdout"]), result.Output);
            Assert.Equal(file["exit"].Trim(), result.ExitCode.ToString(CultureInfo.InvariantCulture));
            Sentinel.AssertNotIn(result.ErrorBytes);
            Assert.InRange(result.ErrorBytes.Length, 0, 4096);
            if (plays.Length == 0 || !plays[^1].IsRepeated) Assert.Equal(plays.Length, broker.Requests.Count);
            else Assert.InRange(broker.Requests.Count, plays.Length + 1, 100);
            foreach (string request in file.Sections.Where(section => section.Title == "request").Select(section => fill(section.Text)))
                Assert.Equal(request.Replace("\n", "\r\n", StringComparison.Ordinal), broker.Requests[0]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool IsKnown(string title) => s_titles.Contains(title) || s_kinds.Any(kind => title.StartsWith(kind, StringComparison.Ordinal));

    private static IEnumerable<string> Lines(CaseFile file, string title) =>
        file.Sections.Where(section => section.Title == title).SelectMany(section => section.Text.Split('\n')[..^1]);

    /// <summary><c>NAME=value</c>; a line without a name goes on with the value before it.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Environment(CaseFile file, Func<string, string> fill) =>
        from entry in Regex.Split(string.Join('\n', Lines(file, "environment")), "\n(?=[A-Za-z_]+=)")
        where entry.Length > 0
        let parts = fill(entry).Split('=', 2)
        select KeyValuePair.Create(parts[0], parts[1]);

    private static void AssertStream(string expected, string received)
    {
        string pattern = Regex.Escape(expected).Replace("\\{time}", @"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", StringComparison.Ordinal);
        if (!Regex.IsMatch(received, $"^{pattern}\\z")) Assert.Equal(expected, received);
    }
}

public class X64CaseTests() : CaseTests("linux-x64");

public class Arm64CaseTests() : CaseTests("linux-arm64");
