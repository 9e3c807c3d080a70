using System;

namespace AwsCred;

/// <summary>What SDKs look at before the profile's process.</summary>
internal static class OverridesCheck
{
    /// <param name="isContainer">The container variables name the broker: they are meant.</param>
    public static void Run(EnvironmentBlock environment, bool isContainer, ref CheckReport report)
    {
        report.Begin("environment"u8);
        Look(environment, "AWS_ACCESS_KEY_ID"u8, ref report);
        Look(environment, "AWS_SECRET_ACCESS_KEY"u8, ref report);
        Look(environment, "AWS_WEB_IDENTITY_TOKEN_FILE"u8, ref report);
        if (!isContainer) Look(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI"u8, ref report);
        Look(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"u8, ref report);
        Look(environment, "AWS_BEARER_TOKEN_BEDROCK"u8, ref report);
        bool isOverridden = report.Text.Length > 0;
        if (isOverridden) report.Hint.Append("SDKs may take these and never ask the helper: unset them for the command."u8);
        else report.Text.Append("no variable that beats the helper is set"u8);
        report.End(isOverridden ? CheckResult.Warn : CheckResult.Ok);
    }

    private static void Look(EnvironmentBlock environment, ReadOnlySpan<byte> name, ref CheckReport report)
    {
        if (!environment.TryGet(name, out _)) return;
        if (report.Text.Length > 0) report.Text.Append(", "u8);
        report.Text.Append(name);
        report.Text.Append(" is set"u8);
    }
}
