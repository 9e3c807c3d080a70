using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>Every way to fail with secrets at hand, as a run and as a check: none of them comes out. (The cases look for them as well.)</summary>
public sealed class SecretTests : IDisposable
{
    private static readonly string[][] s_forms = [[], ["--check"], ["--check", "--json"]];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aws-cred-secret-");

    public void Dispose() => _folder.Delete(recursive: true);

    public static TheoryData<string, string> Answers => new()
    {
        { "a refusal that repeats the token everywhere", Json("401 Unauthorized", $$"""{"code":"{{Sentinel.Token}}","message":"{{Sentinel.Token}}","hint":"{{Sentinel.Token}}"}""") },
        { "a refusal that repeats it in escapes", Json("403 Forbidden", $$"""{"message":"\u0054{{Sentinel.Token[1..]}}"}""") },
        { "a refusal that repeats the header", Json("400 Bad Request", $$"""{"message":"bad header: Authorization: Bearer {{Sentinel.Token}}"}""") },
        { "a refusal that repeats all but its beginning", Json("400 Bad Request", $$"""{"message":"bad token: {{Sentinel.Token[1..]}}"}""") },
        { "a refusal that is cut in the token", Json("500 Oops", $$"""{"message":"{{new string('x', 580)}}{{Sentinel.Token}}"}""") },
        { "a redirect", $"HTTP/1.1 302 Found\r\nLocation: http://{Sentinel.Token}:{Sentinel.Secret}@broker.test/{Sentinel.Session}\r\nContent-Length: 0\r\n\r\n" },
        { "another content type", $"HTTP/1.1 200 OK\r\nContent-Type: text/html; {Sentinel.Secret}\r\nContent-Length: 0\r\n\r\n" },
        { "an error in a 200", Json("200 OK", $$"""{"Message":"no credentials for {{Sentinel.Token}}"}""") },
        { "an error in a 200, in escapes", Json("200 OK", $$"""{"error":"\u0054{{Sentinel.Token[1..4]}}\u004E{{Sentinel.Token[5..12]}}\u{{(int)Sentinel.Token[12]:x4}}{{Sentinel.Token[13..]}}"}""") },
        { "a document without its key", Json("200 OK", Sentinel.Document.Replace("AccessKeyId", "Key", StringComparison.Ordinal)) },
        { "a document that has expired", Json("200 OK", Sentinel.Document.Replace("2099", "1999", StringComparison.Ordinal)) },
        { "a document with a secret for a time", Json("200 OK", Sentinel.Document.Replace("2099-01-01T00:00:00Z", Sentinel.Secret, StringComparison.Ordinal)) },
        { "a document that is cut", Json("200 OK", Sentinel.Document[..^30]) },
        { "a document with a secret after it", Json("200 OK", Sentinel.Document + Sentinel.Secret) },
        { "a secret for a chunk's size", $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{Sentinel.Secret}\r\n" },
        { "a secret for a status line", $"{Sentinel.Secret}\r\n\r\n" },
        { "a secret in a line that is no header", $"HTTP/1.1 200 OK\r\n{Sentinel.Session}\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Stay_in_where_the_broker_sends(string what, string answer)
    {
        foreach (string scheme in (string[])["http", "unix", "https"])
        {
            await using SchemeBroker broker = new(scheme, Encoding.ASCII.GetBytes(answer));
            await AssertSecretAsync($"{what}, by {scheme}", ShippedFiles.HelperCommand("linux-x64"), broker.Settings);
            if (scheme == "http") await AssertSecretAsync($"{what}, to container variables", ShippedFiles.HelperCommand("linux-x64"), ContainerVariables(broker));
        }
    }

    [Theory]
    [InlineData("a password in the URL", "AWS_CRED_URL=http://user:{secret}@127.0.0.1:1", "AWS_CRED_TOKEN={token}")]
    [InlineData("a secret in the query of a broker that is down", "AWS_CRED_URL=unix:///nosuch.sock:/v1?key={secret}", "AWS_CRED_TOKEN={token}")]
    [InlineData("the token in the URL's path", "AWS_CRED_URL=http://127.0.0.1:1/v1/{token}", "AWS_CRED_TOKEN={token}")]
    [InlineData("the token of a file in the URL's path", "AWS_CRED_URL=http://127.0.0.1:1/v1/{token}", "AWS_CRED_TOKEN_FILE={dir}/token")]
    [InlineData("a token that is refused in the URL's path", "AWS_CRED_URL=http://127.0.0.1:1/v1/{token}", "AWS_CRED_TOKEN_FILE={dir}/two-lines")]
    [InlineData("the token in a socket's path", "AWS_CRED_URL=unix:///{token}", "AWS_CRED_TOKEN={token}")]
    [InlineData("a secret for a port", "AWS_CRED_URL=http://127.0.0.1:{secret}", "AWS_CRED_TOKEN={token}")]
    [InlineData("a token of two lines", "AWS_CRED_URL=http://127.0.0.1:1", "AWS_CRED_TOKEN={token}\n{token}")]
    [InlineData("a token with a space", "AWS_CRED_URL=http://127.0.0.1:1", "AWS_CRED_TOKEN={token} {token}")]
    [InlineData("a token outside ASCII", "AWS_CRED_URL=http://127.0.0.1:1", "AWS_CRED_TOKEN={token}\u00E9")]
    [InlineData("a token file of two lines", "AWS_CRED_URL=http://127.0.0.1:1", "AWS_CRED_TOKEN_FILE={dir}/two-lines")]
    [InlineData("the token of AWS's container variables", "AWS_CONTAINER_CREDENTIALS_FULL_URI=unix:///nosuch.sock", "AWS_CONTAINER_AUTHORIZATION_TOKEN=Bearer {token}\n")]
    [InlineData("a CA bundle that holds a secret", "AWS_CRED_URL=https://127.0.0.1:1", "AWS_CRED_TOKEN={token}", "AWS_CRED_CA_FILE={dir}/two-lines")]
    public async Task Stay_in_where_the_environment_has(string what, params string[] variables)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "two-lines"), $"{Sentinel.Token}\n{Sentinel.Secret}\n");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "token"), $"{Sentinel.Token}\n");

        await AssertSecretAsync(what, ShippedFiles.HelperCommand("linux-x64"), [.. Array.ConvertAll(variables, Variable)]);
    }

    [Theory]
    [InlineData("a line that is none", "AWS_CRED_URL=unix:///nosuch.sock\n{token}\n")]
    [InlineData("a URL that is none", "AWS_CRED_URL={secret}\nAWS_CRED_TOKEN={token}\n")]
    [InlineData("a token that is none", "AWS_CRED_URL=unix:///nosuch.sock\nAWS_CRED_TOKEN={token} {secret}\n")]
    [InlineData("a broker that is down", "AWS_CRED_URL=unix:///nosuch.sock\nAWS_CRED_TOKEN={token}\n")]
    public async Task Stay_in_where_the_file_beside_the_program_has(string what, string text)
    {
        string helper = Path.Combine(_folder.FullName, "aws-cred");
        ShippedFiles.CopyHelper(helper);
        await File.WriteAllTextAsync(helper + ".env", Fill(text));

        await AssertSecretAsync(what, [helper], []);
    }

    [Theory]
    [InlineData("for an argument", "{token}")]
    [InlineData("for an option", "--token={token}")]
    [InlineData("for a grant", "--grant={token}")]
    [InlineData("after a grant", "--grant", "{token}")]
    public async Task Stay_in_where_a_token_stands(string what, params string[] arguments) =>
        await AssertSecretAsync(what, [.. ShippedFiles.HelperCommand("linux-x64"), .. Array.ConvertAll(arguments, Fill)], []);

    private static async Task AssertSecretAsync(string what, string[] command, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        foreach (string[] form in s_forms)
        {
            ProcessResult result = await ProcessRun.RunAsync([.. command, .. form], settings);

            string how = $"{what}, {string.Join(' ', form)}";
            Assert.True(result.ExitCode is 1 or 2, $"{how}: {result.ExitCode}");
            if (form.Length == 0) Assert.Equal((how, ""), (how, result.Output));
            else Assert.NotEqual((how, ""), (how, result.Output + result.Error));
            Sentinel.AssertNotIn(result.OutputBytes);
            Sentinel.AssertNotIn(result.ErrorBytes);
        }
    }

    /// <summary>The whole header is the token there; a broker knows it without its scheme.</summary>
    private static KeyValuePair<string, string>[] ContainerVariables(SchemeBroker broker) =>
        [new("AWS_CONTAINER_CREDENTIALS_FULL_URI", broker.Settings[0].Value), new("AWS_CONTAINER_AUTHORIZATION_TOKEN", $"Bearer {Sentinel.Token}")];

    private KeyValuePair<string, string> Variable(string text)
    {
        string[] parts = Fill(text).Replace("{dir}", _folder.FullName, StringComparison.Ordinal).Split('=', 2);
        return new(parts[0], parts[1]);
    }

    private static string Fill(string text) => text.Replace("{token}", Sentinel.Token, StringComparison.Ordinal).Replace("{secret}", Sentinel.Secret, StringComparison.Ordinal);

    private static string Json(string status, string body) => $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
}
