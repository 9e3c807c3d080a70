using System;
using Microsoft.Extensions.Logging;

namespace CredBroker;

/// <summary>All that the broker logs. No message takes a secret.</summary>
internal sealed partial class BrokerLog(ILogger logger)
{
    [LoggerMessage(1, LogLevel.Information, "listening on {Url}")]
    public partial void Listening(string url);

    [LoggerMessage(2, LogLevel.Information, "got credentials of {AssumedRole} until {Expiration:u}")]
    public partial void Issued(string assumedRole, DateTimeOffset expiration);

    [LoggerMessage(3, LogLevel.Warning, "got no credentials of {Role} for {SessionName}: {Code}: {Message} (in full: {Detail})")]
    public partial void Refused(string role, string sessionName, string code, string message, string detail);

    [LoggerMessage(4, LogLevel.Warning, "refused a request for {Path}: {Code}")]
    public partial void RequestRefused(string path, string code);

    [LoggerMessage(7, LogLevel.Warning, "refused {Count} more requests for {Path} within a minute: {Code}")]
    public partial void RequestsRefused(long count, string path, string code);

    [LoggerMessage(5, LogLevel.Error, "a request failed: {Error}")]
    public partial void RequestFailed(string error);

    [LoggerMessage(6, LogLevel.Warning, "could not remove {Folder}: {Why}; the next start tries again")]
    public partial void FolderLeft(string folder, string why);

    [LoggerMessage(8, LogLevel.Warning, "could not remove {File}: {Why}; the token in it opens nothing any more")]
    public partial void TokenFileLeft(string file, string why);

    [LoggerMessage(20, LogLevel.Information, "serves the certificate that {File} holds now, until {Expiration:u}")]
    public partial void CertificateRead(string file, DateTimeOffset expiration);

    [LoggerMessage(21, LogLevel.Warning, "keeps the certificate that it has, and not what {File} holds now: {Why}")]
    public partial void CertificateKept(string file, string why);

    [LoggerMessage(22, LogLevel.Warning, "metrics are not sent: {Why}")]
    public partial void MetricsNotSent(string why);

    [LoggerMessage(23, LogLevel.Information, "metrics are sent again")]
    public partial void MetricsSentAgain();

    [LoggerMessage(40, LogLevel.Warning, "{Why}; the grants as they were before go on serving")]
    public partial void GrantsStale(string why);

    [LoggerMessage(41, LogLevel.Warning, "the grants in {Path} can be read again")]
    public partial void GrantsReadAgain(string path);

    [LoggerMessage(42, LogLevel.Warning, "the store of sessions does not take a change: {Why}; the broker tries again")]
    public partial void StoreFailed(string why);

    [LoggerMessage(43, LogLevel.Warning, "the audit has no line for the end of the session {Session}: {Why}")]
    public partial void EndUnrecorded(string session, string why);

    [LoggerMessage(44, LogLevel.Warning, "refused a process of user {User} at the control socket")]
    public partial void ControlRefused(uint user);
}
