using System;
using System.Collections.Generic;

namespace StsSimulator;

/// <summary>What the simulated STS knows when it starts.</summary>
public sealed record StsConfiguration
{
    public required IReadOnlyList<SimulatedUser> Users { get; init; }

    public IReadOnlyList<SimulatedRole> Roles { get; init; } = [];

    /// <summary>Tokens of an identity provider that IAM knows, by the role that each is good for.</summary>
    public IReadOnlyDictionary<string, string> WebIdentityTokens { get; init; } = new Dictionary<string, string>();

    /// <summary>Regions where STS is switched off: asking for credentials there gives RegionDisabledException.</summary>
    public IReadOnlyList<string> DisabledRegions { get; init; } = [];

    /// <summary>
    /// How far a signature's date may be from the simulator's clock: 15 minutes in AWS. SDKs sign by the real clock, so a test that
    /// moves the simulator's by hours needs more.
    /// </summary>
    public TimeSpan AllowedClockSkew { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }
}
