namespace CredBroker.Sessions;

/// <summary>Why sessions end, as the audit has it.</summary>
internal static class SessionEnd
{
    public const string Expired = "Expired", Idle = "Idle";

    /// <summary>The run, or the broker, that it was made for has ended.</summary>
    public const string RunEnded = "RunEnded", BrokerStopped = "BrokerStopped";
}
