using System.Collections.Generic;
using System.Globalization;

namespace Shipped.Tests;

/// <summary>bubblewrap with a root file system, read-only, that holds the helper and what is bound into it: no /etc, /tmp, /proc, /dev.</summary>
internal sealed record Sandbox
{
    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    public string Rid { get; init; } = "linux-x64";

    /// <summary>Path inside, path outside.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Files { get; init; } = [];

    public int UserId { get; init; }

    /// <summary>Without it there is a loopback of its own, on which nobody listens.</summary>
    public bool HasNetwork { get; init; } = true;

    /// <summary>A filter that the helper is started under; so execve must be among what it allows.</summary>
    public string? SeccompFile { get; init; }

    public IReadOnlyList<string> Command
    {
        get
        {
            string user = UserId.ToString(CultureInfo.InvariantCulture);
            List<string> command =
            [
                "/usr/bin/bwrap", "--unshare-all", "--new-session", "--clearenv", "--cap-drop", "ALL", "--uid", user, "--gid", user,
                "--ro-bind", ShippedFiles.Helper(Rid), "/aws-cred",
            ];
            if (HasNetwork) command.Add("--share-net");
            foreach ((string name, string value) in Environment) command.AddRange(["--setenv", name, value]);
            foreach ((string inside, string outside) in Files) command.AddRange(["--ro-bind", outside, inside]);
            string[] emulator = ShippedFiles.HelperCommand(Rid)[..^1];
            if (emulator.Length > 0) command.AddRange(["--ro-bind", emulator[0], "/emulator"]);
            // As process 1: bubblewrap's own would be under the filter, too, and waits for its child.
            if (SeccompFile is not null) command.AddRange(["--as-pid-1", "--seccomp", "9"]);
            command.AddRange(["--remount-ro", "/", "--"]);
            if (emulator.Length > 0) command.Add("/emulator");
            command.Add("/aws-cred");
            return SeccompFile is null ? command : ["/bin/sh", "-c", "exec 9<\"$0\" && exec \"$@\"", SeccompFile, .. command];
        }
    }
}
