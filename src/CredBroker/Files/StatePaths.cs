using System;
using System.IO;

namespace CredBroker.Files;

/// <summary>Where this user's configuration and state stand: the XDG base directories, or all below CRED_BROKER_HOME.</summary>
/// <param name="Store">The sessions of <c>serve</c>, in a folder of their own.</param>
/// <param name="Control">The socket by which <c>session</c> speaks with <c>serve</c>.</param>
internal sealed record StatePaths(string Grants, string Runs, string Store, string Control)
{
    /// <summary>The audit, beside the runs.</summary>
    public string Audit => Path.Combine(Path.GetDirectoryName(Runs)!, "audit.jsonl");

    /// <param name="variable">Reads an environment variable; null: not set.</param>
    public static StatePaths From(Func<string, string?> variable)
    {
        if (Absolute(variable("CRED_BROKER_HOME")) is string home) return Below(home, home, Path.Combine(home, "control"));
        string user = Absolute(variable("HOME")) ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string config = XdgFolder(variable("XDG_CONFIG_HOME")) ?? Path.Combine(user, ".config");
        string state = XdgFolder(variable("XDG_STATE_HOME")) ?? Path.Combine(user, ".local", "state");
        string ownState = Path.Combine(state, "cred-broker");
        string control = XdgFolder(variable("XDG_RUNTIME_DIR")) is string runtime ? Path.Combine(runtime, "cred-broker") : Path.Combine(ownState, "control");
        return Below(Path.Combine(config, "cred-broker"), ownState, control);
    }

    private static StatePaths Below(string config, string state, string control) =>
        new(Path.Combine(config, "grants.json"), Path.Combine(state, "runs"), Path.Combine(state, "sessions", "sessions.db"), Path.Combine(control, "control.sock"));

    /// <summary>The XDG specification: a path that is not absolute is to be ignored.</summary>
    private static string? XdgFolder(string? path) => Path.IsPathFullyQualified(path ?? "") ? path : null;

    // CRED_BROKER_HOME may be relative, as people type it.
    private static string? Absolute(string? path) => string.IsNullOrEmpty(path) ? null : Path.GetFullPath(path);
}
