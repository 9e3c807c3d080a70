using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace StsSimulator;

/// <summary>The arguments of the demo program, turned into a configuration.</summary>
internal sealed record CommandLine(StsConfiguration Configuration, bool UntilStdinCloses)
{
    public const string SecretVariable = "STS_SIMULATOR_SECRET_ACCESS_KEY";

    public const string Usage = "usage: StsSimulator --account 123456789012 --user NAME --access-key-id AKIA... --role NAME "
        + $"[--external-id X] [--mfa-serial SERIAL --mfa-codes 111111,222222] [--max-duration SECONDS] [--port N] [--until-stdin-closes]; the secret key comes from {SecretVariable}";

    private static readonly HashSet<string> Known =
        ["--account", "--user", "--access-key-id", "--role", "--external-id", "--mfa-serial", "--mfa-codes", "--max-duration", "--port"];

    public static bool TryParse(
        IReadOnlyList<string> arguments,
        string? secretAccessKey,
        [NotNullWhen(true)] out CommandLine? commandLine,
        [NotNullWhen(false)] out string? error)
    {
        commandLine = null;
        Dictionary<string, string> values = [];
        bool untilStdinCloses = false;
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            if (name == "--until-stdin-closes")
                untilStdinCloses = true;
            else if (!Known.Contains(name))
                return Fails($"unknown argument '{name}'", out error);
            else if (++i == arguments.Count)
                return Fails($"{name} needs a value", out error);
            else if (!values.TryAdd(name, arguments[i]))
                return Fails($"{name} is given twice", out error);
        }

        foreach (string name in (string[])["--account", "--user", "--access-key-id", "--role"])
        {
            if (!values.TryGetValue(name, out string? value) || value.Length == 0)
                return Fails($"{name} is missing", out error);
        }
        string account = values["--account"];
        string role = $"arn:aws:iam::{account}:role/{values["--role"]}";
        if (!RoleArn.TryParse(role, out _))
            return Fails($"'{role}' is no role's ARN: an account has 12 digits, a role 1 to 64 of A-Z a-z 0-9 _+=,.@-", out error);
        if (!TryNumber(values.GetValueOrDefault("--max-duration", "3600"), 3600, 43200, out int maxDuration))
            return Fails("--max-duration is 3600 to 43200 seconds", out error);
        if (!TryNumber(values.GetValueOrDefault("--port", "0"), 0, 65535, out int port))
            return Fails("--port is 0 to 65535", out error);
        if (string.IsNullOrEmpty(secretAccessKey))
            return Fails($"{SecretVariable} is not set", out error);

        error = null;
        SimulatedUser user = new()
        {
            AccountId = account,
            Name = values["--user"],
            AccessKeyId = values["--access-key-id"],
            SecretAccessKey = secretAccessKey,
            MfaSerial = values.GetValueOrDefault("--mfa-serial"),
            MfaCodes = values.GetValueOrDefault("--mfa-codes", "").Split(','),
        };
        commandLine = new CommandLine(new StsConfiguration
        {
            Users = [user],
            Roles =
            [
                new SimulatedRole
                {
                    Arn = role,
                    TrustedPrincipals = [Caller.Of(user).AccountRootArn],
                    ExternalId = values.GetValueOrDefault("--external-id"),
                    MaxSessionDuration = TimeSpan.FromSeconds(maxDuration),
                    AllowsSourceIdentity = true,
                    AllowsTags = true,
                    RequiresMfa = values.ContainsKey("--mfa-serial"),
                },
            ],
            Port = port,
        }, untilStdinCloses);
        return true;
    }

    private static bool Fails(string why, out string? error)
    {
        error = why;
        return false;
    }

    private static bool TryNumber(string text, int min, int max, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= min && number <= max;
}
