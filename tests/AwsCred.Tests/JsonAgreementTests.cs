using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace AwsCred.Tests;

/// <summary>
/// The reader against System.Text.Json at its strictest. By design they differ in one thing: 256 keys open at a time are
/// enough for us. (System.Text.Json looks at UTF-8 and surrogates only when a string is asked for, so all are asked for here.)
/// </summary>
public class JsonAgreementTests
{
    private static readonly JsonDocumentOptions s_strict = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = JsonReader.MaximumDepth,
    };

    private static readonly string[] s_documents =
    [
        "{}", "[]", "\"\"", "0", "-0.0e-0", "true", "null", " [ ] ", "[[[[]]]]", "{\"a\":{\"b\":[1,2,{\"c\":null}]}}",
        "{\"Version\":1,\"AccessKeyId\":\"ASIA\",\"SecretAccessKey\":\"a\\/b+c\",\"SessionToken\":\"t==\",\"Expiration\":\"2099-01-01T00:00:00Z\"}",
        "{\"Code\":\"Success\",\"Token\":\"t\",\"Numbers\":[1.5,-2e10,0.1E-7],\"\\u0041\":\"\\uD83D\\uDE00\\n\",\"A \":false}",
        "{\"h\u00E9\":\"\u20AC\U0001F600\",\"h\\u00e9 \":[\"\\\\\\\"\"],\"z\":{\"a\":1,\"b\":{\"a\":2}}}",
        new string('[', 64) + new string(']', 64),
    ];

    [Fact]
    public void Agrees_on_documents_and_all_their_beginnings()
    {
        foreach (byte[] document in s_documents.Select(Encoding.UTF8.GetBytes))
        {
            for (int length = 0; length <= document.Length; length++) AssertAgreement(document[..length]);
            AssertAgreement([.. document, .. document]);
            AssertAgreement([0xEF, 0xBB, 0xBF, .. document]);
            AssertAgreement([(byte)'[', .. document, (byte)']']);
        }
    }

    [Fact]
    public void Agrees_on_documents_with_any_one_byte_changed_left_out_or_added()
    {
        ReadOnlySpan<byte> others = "\0\n \"\\/{}[],:0123-+.eEuaDd\u007F\u00C3\u00A9\uD7FF"u8;
        foreach (byte[] document in s_documents.Select(Encoding.UTF8.GetBytes))
        {
            for (int at = 0; at < document.Length; at++)
            {
                AssertAgreement([.. document[..at], .. document[(at + 1)..]]);
                foreach (byte other in others)
                {
                    AssertAgreement([.. document[..at], other, .. document[(at + 1)..]]);
                    AssertAgreement([.. document[..at], other, .. document[at..]]);
                }
            }
        }
    }

    /// <summary>More of them by build/cake fuzz.</summary>
    private static readonly int s_rounds = int.Parse(Environment.GetEnvironmentVariable("FUZZ_DOCUMENTS") ?? "50000", CultureInfo.InvariantCulture);

    [Fact]
    public void Agrees_on_documents_cut_and_pasted_at_random()
    {
        Random random = new(20260101);
        byte[][] parts = [.. s_documents.Select(Encoding.UTF8.GetBytes)];
        for (int round = 0; round < s_rounds; round++)
        {
            List<byte> document = [];
            for (int part = 0; part < 3; part++)
            {
                byte[] from = parts[random.Next(parts.Length - 1)];
                int start = random.Next(from.Length), end = random.Next(start, from.Length + 1);
                document.AddRange(from[start..end]);
            }

            AssertAgreement([.. document]);
        }
    }

    private static void AssertAgreement(byte[] json)
    {
        bool ours = !JsonReaderTests.Tokens(json).Contains("Bad: ", StringComparison.Ordinal);
        Assert.Equal((Encoding.Latin1.GetString(json), IsGood(json)), (Encoding.Latin1.GetString(json), ours));
    }

    private static bool IsGood(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, s_strict);
            ReadStrings(document.RootElement);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            return false; // a string that is not UTF-8, or a lone surrogate
        }
    }

    private static void ReadStrings(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String) Assert.NotNull(element.GetString());
        else if (element.ValueKind == JsonValueKind.Array) foreach (JsonElement item in element.EnumerateArray()) ReadStrings(item);
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                Assert.NotNull(property.Name);
                ReadStrings(property.Value);
            }
        }
    }
}
