using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using AwsCred.Tests;

namespace Shipped.Tests;

/// <summary>The answers of all cases, damaged, through the published helper: the same ones in every run.</summary>
public partial class FuzzTests
{
    private const int Seed = 20260103;
    private const int Rounds = 300;

    /// <summary>The helper asks again after these.</summary>
    private static readonly string[] s_busy = ["429", "502", "503", "504"];

    private static readonly string[] s_keys = ["Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"];

    [Fact]
    public async Task Prints_a_document_or_a_reason_whatever_it_is_sent()
    {
        Mutator mutator = new(Seed, [.. Answers()]);
        List<byte[]> answers = [];
        while (answers.Count < Rounds)
        {
            byte[] answer = mutator.Next();
            bool isFinal = answer.Length > 0 && !IsBusy(answer); // after nothing at all, too, it asks again
            if (isFinal && !TellsSecret().IsMatch(Encoding.Latin1.GetString(answer))) answers.Add(answer);
        }

        int taken = 0;
        ParallelOptions some = new() { MaxDegreeOfParallelism = 4 };
        await Parallel.ForAsync(0, Rounds, some, async (round, _) =>
        {
            Exception? thrown = await Record.ExceptionAsync(async () =>
            {
                if (await IsTakenAsync(answers[round])) Interlocked.Increment(ref taken);
            });
            if (thrown is not null) Assert.Fail($"seed {Seed}, round {round}: {thrown}: {JsonSerializer.Serialize(Encoding.Latin1.GetString(answers[round]))}");
        });

        Assert.InRange(taken, Rounds / 20, Rounds * 19 / 20);
    }

    private static async Task<bool> IsTakenAsync(byte[] answer)
    {
        await using ScriptedBroker broker = ScriptedBroker.Start(new BrokerPlay(answer, PlayEnd.Close));

        ProcessResult result = await ProcessRun.RunAsync([ShippedFiles.Helper("linux-x64")], [new("AWS_CRED_URL", broker.Url), new("AWS_CRED_TOKEN", Sentinel.Token)]);

        Assert.Single(broker.Requests);
        if (result.ExitCode == 0) AssertDocument(result);
        else AssertReason(result);
        return result.ExitCode == 0;
    }

    private static void AssertDocument(ProcessResult result)
    {
        Assert.Equal("", result.Error);
        Assert.Equal(result.Output.Length - 1, result.Output.IndexOf('\n', StringComparison.Ordinal));
        using JsonDocument document = JsonDocument.Parse(result.OutputBytes, new JsonDocumentOptions { AllowDuplicateProperties = false });
        string[] keys = [.. document.RootElement.EnumerateObject().Select(key => key.Name)];
        Assert.Equal(keys.Length == s_keys.Length ? s_keys : [.. s_keys, "AccountId"], keys);
        Assert.Equal("1", document.RootElement.GetProperty("Version").GetRawText());
    }

    private static void AssertReason(ProcessResult result)
    {
        Assert.Equal((1, ""), (result.ExitCode, result.Output)); // 128 and above are signals
        Assert.InRange(result.ErrorBytes.Length, 0, 4096);
        string error = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(result.ErrorBytes);
        Assert.Matches("^aws-cred: error: [ -~]+\n(aws-cred: hint: [ -~]+\n)?\\z", error);
        Sentinel.AssertNotIn(result.ErrorBytes);
    }

    private static IEnumerable<byte[]> Answers() =>
        from path in Directory.GetFiles(CaseFile.Folder, "*.case").Order(StringComparer.Ordinal)
        from section in CaseFile.Read(Path.GetFileNameWithoutExtension(path)).Of("broker")
        where section.Kind.StartsWith("answers", StringComparison.Ordinal)
        // Most damage makes a good answer a bad one: they come more often, so that some are still taken.
        from _ in Enumerable.Range(0, path.Contains("/good-", StringComparison.Ordinal) ? 5 : 1)
        let answer = BrokerPlay.Parse(section.Kind, section.Text).Answer
        where !IsBusy(answer)
        select answer;

    private static bool IsBusy(byte[] answer)
    {
        string text = Encoding.Latin1.GetString(answer);
        return s_busy.Any(status => text.Contains($" {status}", StringComparison.Ordinal));
    }

    /// <summary>A secret in the header, or anywhere but in its own field: where the damage put it into a text that is quoted, it looks like any text.</summary>
    [GeneratedRegex("\\A([^\r\n]+\r?\n)*[^\r\n]*(SECRETSE|SESSIONS)|(?<!\"(SecretAccessKey|SessionToken|Token)\": ?\")(SECRETSE|SESSIONS)")]
    private static partial Regex TellsSecret();
}
