using System;
using System.Collections.Generic;

namespace StsSimulator;

/// <summary>A call that reached the simulator. It never holds a secret.</summary>
public sealed record RecordedCall
{
    /// <summary><see cref="Outcome"/> of a call that was answered with what it asked for.</summary>
    public const string Success = "Success";

    /// <summary><see cref="Outcome"/> of a call that <see cref="Faults.DropConnections"/> cut off.</summary>
    public const string ConnectionDropped = "ConnectionDropped";

    /// <summary><see cref="Outcome"/> of a call whose caller, or the simulator, went away before the answer.</summary>
    public const string Abandoned = "Abandoned";

    public required string Action { get; init; }

    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>Null where the signature was not good.</summary>
    public string? AccessKeyId { get; init; }

    /// <summary>Null where the signature was not good.</summary>
    public string? CallerArn { get; init; }

    /// <summary>When the call arrived, by the simulator's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Null while the call is being held; then one of the words above, or the code of the error.</summary>
    public string? Outcome { get; init; }
}
