using System;
using System.Globalization;
using CredBroker.Credentials;
using CredBroker.Grants;
using CredBroker.Sessions;

namespace CredBroker.Tests;

/// <summary>One good value of each type, for tests that care about something else.</summary>
internal static class Some
{
    public const string Role = "arn:aws:iam::123456789012:role/reader";

    public static Grant Grant { get; } = new("default", Role, "us-east-1", 3600, null, null);

    public static Session Session { get; } = new("abc234abc234", [Grant.Name], DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);

    public static RoleRequest Request { get; } = RoleRequest.For(Grant, Session.Id);

    /// <param name="number">Tells one set of credentials from the next.</param>
    public static AwsCredentials Credentials(DateTimeOffset expiration, int number = 1) => new(
        "ASIAEXAMPLE" + number.ToString("D4", CultureInfo.InvariantCulture),
        Sentinel.Secret,
        Sentinel.Session,
        expiration,
        "123456789012",
        "arn:aws:sts::123456789012:assumed-role/reader/cred-broker-abc234abc234");

    public static Failure Refusal { get; } = new(FailureKind.Refused, "AccessDenied", "AWS says no", "Ask for it", "in AWS's own words");
}
