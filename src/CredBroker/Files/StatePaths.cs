using System;
using System.IO;

namespace CredBroker.Files;

/// <summary>Where this user's configuration and state stand: the XDG base directories, or all below CRED_BROKER_HOME.</summary>
internal sealed record StatePaths(string Grants, string Runs)
{
    /// <param name="variable">Reads an environment variable; null: not set.</param>
    public static StatePaths From(Func<string, string?> variable)
    {
        if (Absolute(variable("CRED_BROKER_HOME")) is string home) return new StatePaths(Path.Combine(home, "grants.json"), Path.Combine(home, "runs"));
        string user = Absolute(variable("HOME")) ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string config = XdgFolder(variable("XDG_CONFIG_HOME")) ?? Path.Combine(user, ".config");
        string state = XdgFolder(variable("XDG_STATE_HOME")) ?? Path.Combine(user, ".local", "state");
        return new StatePaths(Path.Combine(config, "cred-broker", "grants.json"), Path.Combine(state, "cred-broker", "runs"));
    }

    /// <summary>The XDG specification: a path that is not absolute is to be ignored.</summary>
    private static string? XdgFolder(string? path) => Path.IsPathFullyQualified(path ?? "") ? path : null;

    // CRED_BROKER_HOME may be relative, as people type it.
    private static string? Absolute(string? path) => string.IsNullOrEmpty(path) ? null : Path.GetFullPath(path);
}
