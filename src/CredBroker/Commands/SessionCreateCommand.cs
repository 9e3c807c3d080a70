using System;
using System.Buffers;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using CredBroker.Files;
using CredBroker.Sessions;

namespace CredBroker.Commands;

/// <summary><c>session create --grant aws</c>: a session of a broker that serves, and its token.</summary>
internal static class SessionCreateCommand
{
    public static Command Create(StatePaths paths, Messages messages)
    {
        Option<string[]> grants = new("--grant") { HelpName = "aws[=NAME]", Description = "A grant of the session; the first serves those who name none", Required = true };
        Option<string?> ttl = new("--ttl") { HelpName = "TIME", Description = $"How long it lasts: {SessionTimes.ValidValues}; {DurationText.Format(SessionTimes.DefaultTtl)} if not given" };
        Option<string?> idle = new("--idle") { HelpName = "TIME", Description = "Without a request for this long it ends; it does not if not given" };
        Option<string?> label = new("--label") { HelpName = "TEXT", Description = $"What to call it in lists, at most {SessionDraft.MaximumLabel} characters" };
        Option<string?> tokenFile = new("--token-file") { HelpName = "PATH", Description = "Write the token to this file, mode 0600, and not to standard output" };
        Option<bool> json = new("--json") { Description = "Print a JSON object" };
        Option<string?> control = ControlOption.Create();
        Command command = new("create", "Make a session, and print how to use it. Example: cred-broker session create --grant aws --ttl 12h --label build-17") { grants, ttl, idle, label, tokenFile, json, control };
        command.SetAction(async (parsed, _) =>
        {
            List<string> problems = [.. GrantSelection.Problems(parsed.GetValue(grants)!, out IReadOnlyList<string> names)];
            if (parsed.GetValue(tokenFile)?.Length == 0) problems.Add("--token-file is empty");
            if (problems.Count > 0) return messages.FailUsage(problems, "See cred-broker session create --help.");
            using ControlClient broker = ControlOption.Connect(parsed, control, paths);
            SessionDraft draft = new(names, parsed.GetValue(ttl), parsed.GetValue(idle), parsed.GetValue(label));
            ControlAnswer answer = await broker.SendAsync(HttpMethod.Post, "/v1/sessions", Body(draft));
            if (answer.Failure is { Problems.Count: > 0 } mistaken) return messages.FailUsage(mistaken.Problems, "No session has been made. See cred-broker session create --help, and cred-broker grant list.");
            if (answer.Failure is { } failure) return messages.Fail(failure);
            using JsonDocument made = JsonDocument.Parse(answer.Body);
            return await HandOverAsync(broker, made.RootElement, parsed.GetValue(tokenFile), parsed.GetValue(json));
        });
        return command;

        // A session whose token nobody gets is of no use to anybody, and is not left behind.
        async Task<int> HandOverAsync(ControlClient broker, JsonElement made, string? tokenPath, bool isJson)
        {
            try
            {
                string? path = tokenPath is null ? null : Path.GetFullPath(tokenPath);
                if (path is not null) AtomicFile.Write(path, Encoding.ASCII.GetBytes(made.GetProperty("token").GetString() + "\n"), UnixModes.PrivateFile);
                foreach (string line in isJson ? [Json(made, path)] : Lines(made, path)) messages.Result(line);
                return ExitCodes.Done;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                await broker.SendAsync(HttpMethod.Delete, $"/v1/sessions/{made.GetProperty("id").GetString()}");
                return messages.Fail(new Failure(FailureKind.Host, "TokenNotHandedOver", $"cannot hand over the session's token: {e.Message}", "The session has been revoked. Is there space, and may this user write there?"));
            }
        }
    }

    private static byte[] Body(SessionDraft draft)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("grants");
            foreach (string name in draft.Grants) json.WriteStringValue(name);
            json.WriteEndArray();
            foreach ((string name, string? value) in (ReadOnlySpan<(string, string?)>)[("ttl", draft.Ttl), ("idle", draft.Idle), ("label", draft.Label)])
            {
                if (value is not null) json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static IEnumerable<string> Lines(JsonElement made, string? tokenPath) =>
    [
        .. made.GetProperty("urls").EnumerateArray().Take(1).Select(url => $"AWS_CRED_URL={url.GetString()}"),
        tokenPath is null ? $"AWS_CRED_TOKEN={made.GetProperty("token").GetString()}" : $"AWS_CRED_TOKEN_FILE={tokenPath}",
        $"CRED_BROKER_SESSION={made.GetProperty("id").GetString()}",
    ];

    private static string Json(JsonElement made, string? tokenPath)
    {
        if (tokenPath is null) return made.GetRawText();
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            foreach (JsonProperty property in made.EnumerateObject().Where(property => property.Name != "token")) property.WriteTo(json);
            json.WriteString("tokenFile", tokenPath);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
