using System;
using System.Text.Json.Serialization;

namespace CredBroker.Grants;

/// <summary>A role that sessions may use, and how it is assumed. Configuration: nothing in it is secret.</summary>
/// <param name="Name">One word, <c>default</c> where nobody gave one.</param>
/// <param name="RoleArn">A valid <see cref="Grants.RoleArn"/>.</param>
/// <param name="Region">Where STS is asked, and what COMMAND gets as its region.</param>
/// <param name="DurationSeconds">900 to 43,200.</param>
/// <param name="ExternalId">What the role's trust policy asks of third parties; null: none.</param>
/// <param name="AwsProfile">The host's profile that assumes the role; null: the SDK's own chain.</param>
internal sealed record Grant(string Name, string RoleArn, string Region, int DurationSeconds, string? ExternalId = null, string? AwsProfile = null)
{
    public const string DefaultName = "default";

    [JsonIgnore]
    public TimeSpan Duration => TimeSpan.FromSeconds(DurationSeconds);

    /// <summary>The command that makes it, for hints.</summary>
    [JsonIgnore]
    public string Command => CommandFor(Name) + " --role " + RoleArn;

    public static string CommandFor(string name) => "cred-broker grant aws" + (name == DefaultName ? "" : $" --name {name}");
}
