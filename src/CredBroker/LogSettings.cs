using Microsoft.Extensions.Logging;

namespace CredBroker;

internal enum LogFormat
{
    Text,
    Json,
}

/// <summary>How much is logged, and how: known once the command line has been read.</summary>
internal sealed class LogSettings
{
    public LogLevel Least { get; set; } = LogLevel.Warning;

    public LogFormat Format { get; set; }
}
