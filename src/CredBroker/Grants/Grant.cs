using System;
using System.Collections.Generic;
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

    /// <summary>The name of a <see cref="SessionPreset"/>, in place of a policy; null: none.</summary>
    public string? Preset { get; init; }

    /// <summary>The session policy, minified; null: none, or the preset's.</summary>
    [JsonConverter(typeof(PolicyJsonConverter))]
    public string? Policy { get; init; }

    public ValueList<string>? PolicyArns { get; init; }

    public ValueList<SessionTag>? Tags { get; init; }

    /// <summary>Keys of <see cref="Tags"/> that go on into the roles that a session assumes itself.</summary>
    public ValueList<string>? TransitiveTagKeys { get; init; }

    public string? SourceIdentity { get; init; }

    /// <summary>What the AWS sessions' names begin with; null: <see cref="SessionName.DefaultPrefix"/>.</summary>
    public string? SessionNamePrefix { get; init; }

    /// <summary>The MFA device whose code is asked for on the terminal; null: none.</summary>
    public string? MfaSerial { get; init; }

    [JsonIgnore]
    public TimeSpan Duration => TimeSpan.FromSeconds(DurationSeconds);

    /// <summary>The policy that is sent. A preset's is made anew: what Bedrock needs next year comes with the next cred-broker.</summary>
    [JsonIgnore]
    public string? SentPolicy => Preset is null ? Policy : SessionPreset.Find(Preset)?.PolicyFor(Partition.Find(RoleArn.Split(':')[1])!) ?? throw new InvalidOperationException($"there is no preset '{Preset}'");

    /// <summary>What programs that use the grant need in their environment.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Environment => (Preset is null ? null : SessionPreset.Find(Preset)?.Environment) ?? new Dictionary<string, string>();

    /// <summary>The command that makes it, for hints.</summary>
    [JsonIgnore]
    public string Command => $"{CommandFor(Name)} --role {RoleArn}{(this == new Grant(Name, RoleArn, Region, DurationSeconds) ? "" : $", with its other options as cred-broker grant show {Name} lists them")}";

    public static string CommandFor(string name) => "cred-broker grant aws" + (name == DefaultName ? "" : $" --name {name}");
}
