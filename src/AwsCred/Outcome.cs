namespace AwsCred;

/// <summary>What came of asking the broker, and whether it makes sense to ask again.</summary>
internal enum Outcome
{
    Done,
    Final,

    /// <summary>Refused, or reset before an answer.</summary>
    Unreachable,

    /// <summary>429, 502, 503, 504.</summary>
    Busy,
}
