using System.Collections.Generic;

namespace Shipped.Tests;

/// <summary>bubblewrap with a root file system that holds the helper and what is bound into it: no /etc, /tmp, /proc, /dev.</summary>
internal sealed record Sandbox
{
    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    /// <summary>Path inside, path outside.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Files { get; init; } = [];

    public int UserId { get; init; }

    /// <summary>Without it there is a loopback of its own, on which nobody listens.</summary>
    public bool HasNetwork { get; init; } = true;

    public IReadOnlyList<string> Command
    {
        get
        {
            string user = UserId.ToString(System.Globalization.CultureInfo.InvariantCulture);
            List<string> command =
            [
                "/usr/bin/bwrap", "--unshare-all", "--new-session", "--clearenv", "--cap-drop", "ALL", "--uid", user, "--gid", user,
                "--ro-bind", ShippedFiles.Helper("linux-x64"), "/aws-cred",
            ];
            if (HasNetwork) command.Add("--share-net");
            foreach ((string name, string value) in Environment) command.AddRange(["--setenv", name, value]);
            foreach ((string inside, string outside) in Files) command.AddRange(["--ro-bind", outside, inside]);
            return [.. command, "--remount-ro", "/", "--", "/aws-cred"];
        }
    }
}
