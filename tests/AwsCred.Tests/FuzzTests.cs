using System;
using System.Buffers;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace AwsCred.Tests;

/// <summary>What holds for the parsers whatever they are given: damaged URLs, answers and documents, the same ones in every run.</summary>
public unsafe class FuzzTests
{
    private const int Seed = 20260102;
    private const int Rounds = 50_000;

    private static readonly string[] s_urls =
    [
        "http://broker", "http://broker:8181/", "https://my_broker-1.local.:8443/v1/credentials?a=b:c@d", "HTTP://127.0.0.1:65535//", "http://[::1]:80/x",
        "https://[::ffff:127.0.0.1]", "unix:///run/broker.sock", "Unix:///run/broker.sock:/v1/credentials?x=1:2", "unix:///" + new string('s', 106),
        "http://" + new string('h', 253) + ":1/", "http://broker/" + new string('p', 2034), "http://user:pass@broker/#x",
    ];

    private static readonly string[] s_documents =
    [
        "{\"Version\":1,\"AccessKeyId\":\"ASIAX\",\"SecretAccessKey\":\"s/+=\",\"SessionToken\":\"t==\",\"Expiration\":\"2030-01-01T00:00:00Z\"}",
        "{\"Version\":1,\"AccessKeyId\":\"A\\u0053IA\",\"SecretAccessKey\":\"s\\/\\\"\\\\\",\"SessionToken\":\"t\\u007E\",\"Expiration\":\"2030-12-31T23:59:60.9\\u002B02:00\",\"AccountId\":\"123456789012\"}",
        "{\"Code\":\"Success\",\"Type\":\"AWS-HMAC\",\"AccessKeyId\":\"ASIA\",\"SecretAccessKey\":\"s\",\"Token\":\"t\",\"Expiration\":\"2028-02-29T00:00:00-23:59\",\"RoleArn\":null}",
        "{ \"Token\" : \"t\", \"SessionToken\" : \"t\", \"AccountId\" : null, \"x\":{\"Version\":2,\"y\":[1.5e-3,true,\"\\uD83D\\uDE00\u20AC\"]},\n" +
            "\"Version\":1, \"AccessKeyId\" : \"A\", \"SecretAccessKey\":\"s\", \"Expiration\":\"9999-12-31T23:59:59Z\", \"Message\":\"m\" }",
        "{\"message\":\"no \\u001b \u00E9\"}",
    ];

    private static readonly string[] s_keys = ["Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"];

    /// <summary>What ends an authority, or stands before it.</summary>
    private static readonly SearchValues<byte> s_ends = SearchValues.Create("/?#@"u8);

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    [Fact]
    public void Takes_no_URL_that_breaks_a_request()
    {
        Fuzz([.. s_urls.Select(Encoding.UTF8.GetBytes)], (text, _) => UrlVerdict(text));
    }

    [Fact]
    public void Takes_no_answer_that_is_not_whole()
    {
        object[][] rows = [.. HttpAnswers.Delimited, .. HttpAnswers.UntilTheEnd, .. HttpAnswers.Bad];
        string large = "HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n" + new string('x', 65536);
        string largeChunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n" + new string('x', 65535) + "\r\n1\r\ny\r\n0\r\n\r\n";
        string tooLarge = largeChunk.Replace("1\r\ny\r\n", "2\r\nyy\r\n", StringComparison.Ordinal);
        string[] answers = [.. rows.Select(row => (string)row[1]), large, largeChunk, tooLarge];
        Fuzz([.. answers.Select(Encoding.Latin1.GetBytes)], HttpVerdict);
    }

    [Fact]
    public void Prints_only_documents_that_are_whole()
    {
        Fuzz([.. s_documents.Select(Encoding.UTF8.GetBytes)], (json, _) => DocumentVerdict(json));
    }

    /// <param name="corpus">What is damaged.</param>
    /// <param name="verdict">Null: refused, as is right; empty: taken, as is right; else what is wrong.</param>
    private static void Fuzz(byte[][] corpus, Func<byte[], Mutator, string?> verdict)
    {
        Mutator mutator = new(Seed, corpus);
        int taken = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] bytes = mutator.Next();
            string? found = null;
            Exception? thrown = Record.Exception(() => found = verdict(bytes, mutator));
            if (thrown is not null || found?.Length > 0)
                Assert.Fail($"seed {Seed}, round {round}: {thrown?.ToString() ?? found}: {JsonSerializer.Serialize(Encoding.Latin1.GetString(bytes))}");
            if (found is not null) taken++;
        }

        // Else it is only the first check of all that was tested.
        if (taken is < Rounds / 20 or > Rounds * 19 / 20) Assert.Fail($"seed {Seed}: {taken} of {Rounds} were taken");
    }

    private static string? UrlVerdict(byte[] text)
    {
        byte* memory = stackalloc byte[Problem.Memory];
        Problem problem = new(memory);
        if (!BrokerUrl.TryParse(text, out BrokerUrl url, ref problem))
        {
            bool saysWhy = problem.Exit == ExitCode.Usage && problem.Line.Length > "the broker's URL ".Length && problem.Hint.Length > 0;
            return saysWhy ? null : "it is refused without a reason";
        }

        if (url.Target.Length == 0 || url.Target[0] != (byte)'/' || !Ascii.IsPrintable(url.Target)) return "the target is no path";
        if (url.Authority.Length == 0 || !Ascii.IsPrintable(url.Authority) || url.Authority.ContainsAny(s_ends)) return "the authority is none";
        if (url.Scheme == BrokerScheme.Unix)
        {
            bool isSocket = url.SocketPath.Length is >= 2 and <= BrokerUrl.MaximumSocketPath && url.SocketPath[0] == (byte)'/' && Ascii.IsPrintable(url.SocketPath);
            return isSocket && url.Host.Length == 0 ? "" : "the socket is no absolute path";
        }

        if (url.Port is < 1 or > 65535) return "the port is none";
        return url.Host.Length is >= 1 and <= 253 && !url.Host.ContainsAny(s_ends) && url.SocketPath.Length == 0 ? "" : "the host is none";
    }

    private static string? HttpVerdict(byte[] bytes, Mutator mutator)
    {
        byte[] start = mutator.Beginning(bytes);
        Reply early = Reply.Of(start), whole = Reply.Of(bytes), final = Reply.Of(bytes, ended: true);
        foreach ((Reply reply, int received) in ((Reply, int)[])[(early, start.Length), (whole, bytes.Length), (final, bytes.Length)])
        {
            if (reply.Body.Length > Math.Min(received, HttpReply.MaximumBody)) return "the body is larger than what came, or than it may be";
            if (reply.State != HttpReplyState.Complete && reply.Body.Length > 0) return "there is a body without a whole answer";
            if (reply.State == HttpReplyState.Complete && (reply.Status is < 200 or > 999 || reply.Error.Length > 0)) return "a whole answer has no status, or an error";
            if (reply.State == HttpReplyState.Bad == (reply.Error.Length == 0)) return "a bad answer has no error, or another one has";
        }

        if (final.State == HttpReplyState.Partial) return "it waits for more after the end";
        if (early.State != HttpReplyState.Partial && early != whole) return "more bytes change the answer";
        if (whole.State != HttpReplyState.Partial && whole != final) return "the end changes the answer";
        byte[] buffer = [.. start];
        bool isTouched = HttpReply.Parse(buffer, false, out _) == HttpReplyState.Partial && !buffer.AsSpan().SequenceEqual(start);
        if (isTouched) return "what is to be parsed again has changed";
        return final.State == HttpReplyState.Complete ? "" : null;
    }

    private static string? DocumentVerdict(byte[] json)
    {
        Parsed parsed = Parsed.Of(json);
        if (parsed.Output is not string output)
        {
            bool saysWhy = parsed.Refusal!.Exit == ExitCode.Failed && parsed.Refusal.Line.Length > 0 && parsed.Refusal.Line.All(c => c is >= ' ' and <= '~');
            return saysWhy ? null : "it is refused without a reason that can be printed";
        }

        if (output.IndexOf('\n', StringComparison.Ordinal) != output.Length - 1) return "the output is not one line";
        using JsonDocument given = JsonDocument.Parse(json, s_strict), printed = JsonDocument.Parse(output, s_strict);
        JsonElement all = printed.RootElement;
        bool hasAccount = all.TryGetProperty("AccountId", out JsonElement account);
        if (!all.EnumerateObject().Select(key => key.Name).SequenceEqual(hasAccount ? [.. s_keys, "AccountId"] : s_keys)) return "the keys are others";
        if (all.GetProperty("Version").GetRawText() != "1") return "the version is not 1";
        if (hasAccount && (account.GetString()!.Length != 12 || !account.GetString()!.All(char.IsAsciiDigit))) return "the account is none";
        string[] values = [.. s_keys[1..4].Select(key => all.GetProperty(key).GetString()!)];
        if (values.Any(value => value.Length == 0 || value.Any(c => c is <= ' ' or > '~'))) return "a value is no credential";
        string?[] expected = [Value(given, "AccessKeyId"), Value(given, "SecretAccessKey"), Value(given, "SessionToken") is { Length: > 0 } token ? token : Value(given, "Token")];
        if (!values.SequenceEqual(expected)) return "a value is not the document's";
        string time = all.GetProperty("Expiration").GetString()!;
        if (!DateTime.TryParseExact(time, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)) return "the expiration is no time";
        return Parsed.Of(output) == parsed ? "" : "the output does not read as itself";
    }

    private static string? Value(JsonDocument document, string key) => document.RootElement.TryGetProperty(key, out JsonElement value) ? value.GetString() : null;
}
