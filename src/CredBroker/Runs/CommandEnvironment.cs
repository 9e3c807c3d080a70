using System;
using System.Collections.Generic;
using System.Linq;
using CredBroker.Grants;
using CredBroker.Sessions;

namespace CredBroker.Runs;

/// <summary>The environment of COMMAND: the way to the broker, and nothing of the host's AWS identity.</summary>
internal static class CommandEnvironment
{
    /// <summary>What would win over the helper, or hand over the host's identity.</summary>
    public static IReadOnlyList<string> Removed { get; } =
    [
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_ACCOUNT_ID",
        "AWS_ACCESS_KEY", "AWS_SECRET_KEY", "AMAZON_ACCESS_KEY_ID", "AMAZON_SECRET_ACCESS_KEY", "AMAZON_SESSION_TOKEN",
        "AWS_PROFILE", "AWS_DEFAULT_PROFILE",
        "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_CRED_TOKEN_FILE", "AWS_CRED_CA_FILE",
    ];

    /// <param name="environment">The host's own; changed in place.</param>
    /// <param name="grants">The run's, at least one. What one of them asks for, <see cref="Grant.Environment"/>, is never stronger than what follows from the run itself.</param>
    public static void Apply(IDictionary<string, string?> environment, RunFolder folder, Uri brokerUrl, SessionToken token, IReadOnlyList<Grant> grants)
    {
        foreach ((string name, string value) in grants.SelectMany(grant => grant.Environment)) environment[name] = value;
        environment["AWS_CONFIG_FILE"] = folder.ConfigFile;
        environment["AWS_SHARED_CREDENTIALS_FILE"] = folder.CredentialsFile;
        environment["AWS_CRED_URL"] = new Uri(brokerUrl, "/v1/credentials").ToString();
        environment["AWS_CRED_TOKEN"] = token.Text;
        // These two win over the regions of profiles: where grants differ, each profile's own serves, and the host's must not.
        string? region = grants.Select(grant => grant.Region).Distinct().Count() == 1 ? grants[0].Region : null;
        foreach (string name in (string[])["AWS_REGION", "AWS_DEFAULT_REGION"])
        {
            if (region is null) environment.Remove(name);
            else environment[name] = region;
        }

        environment["AWS_PAGER"] = ""; // a pager would wait for a key that an agent never presses
        environment["AWS_SDK_LOAD_CONFIG"] = "1"; // older SDKs for Go and JavaScript read the config only then
        environment["AWS_EC2_METADATA_DISABLED"] = "true"; // when the helper fails, an SDK must not find the host's instance role
        // Last: whatever else a run sets, these stay away.
        foreach (string name in Removed) environment.Remove(name);
    }
}
