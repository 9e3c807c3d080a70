using System;
using System.Security.Authentication;
using CredBroker.Grants;

namespace CredBroker.Credentials;

/// <summary>
/// What STS says, as a sentence and a hint. What AWS said in its own words goes into the detail, for the log alone:
/// it names the host's identity. Source: STS API reference, "AssumeRole: Errors" and "Common errors".
/// </summary>
internal static class StsFailure
{
    /// <param name="source">What the host's identity is, where the sentence depends on it.</param>
    public static Failure FromCode(string code, string awsMessage, RoleRequest request, SourceKind source = SourceKind.Unknown)
    {
        string role = request.RoleArn;
        string profile = request.AwsProfile is null ? "" : $" --profile {request.AwsProfile}";
        string grant = Grant.CommandFor("NAME") + " --role " + role;
        // Whoever pastes the command must not lose what narrows the grant.
        string rest = request == new RoleRequest(role, request.Region, request.DurationSeconds, null, null, request.SessionName) ? "" : " and its other options (cred-broker grant show NAME)";
        (FailureKind kind, string message, string hint) = code switch
        {
            "AccessDenied" or "AccessDeniedException" => (FailureKind.Refused,
                $"AWS does not let this host's identity assume {role}",
                $"Check the role's trust policy (who may assume it, its external id, and {(request.MfaSerial is null ? "MFA, for which there is --mfa-serial" : "how long MFA counts")}) and the identity's own permission for {Permissions(request)}; the broker's log has AWS's own words."),
            "ExpiredToken" or "ExpiredTokenException" => (FailureKind.Refused,
                "the AWS login of the broker's host has expired",
                $"Log in again on the host (aws sso login{profile}, or however it gets its AWS identity); a running broker picks it up."),
            "InvalidClientTokenId" or "UnrecognizedClientException" => (FailureKind.Refused,
                "AWS does not know the access key of the broker's host",
                $"It may have been deleted or rotated, or be of another partition than {request.Region}: check with aws sts get-caller-identity{profile} on the host."),
            "SignatureDoesNotMatch" or "InvalidSignatureException" or "RequestExpired" => (FailureKind.Refused,
                "AWS does not accept the signature of the broker's host",
                "Its secret key is wrong, or its clock is: compare the clock with `date -u`, then check the keys."),
            "RegionDisabledException" or "RegionDisabled" => (FailureKind.Refused,
                $"AWS STS is not activated in {request.Region} for the account of the broker's host",
                $"Activate it in IAM's account settings, or grant with another region: {grant} --region REGION{rest}"),
            "MalformedPolicyDocument" or "MalformedPolicyDocumentException" => (FailureKind.Refused,
                "AWS does not accept the grant's session policy",
                "Check its actions, resources and conditions against the policy reference, mend it and grant again; the broker's log has AWS's own words."),
            "PackedPolicyTooLarge" or "PackedPolicyTooLargeException" => (FailureKind.Refused,
                $"the grant's session policy and tags are too large once AWS has packed them: {PackedText(request)}",
                "Shorten the policy (wildcards in place of lists), or use fewer policy ARNs and shorter tags, and grant again; the broker's log says how full it is."),
            "ValidationError" when request.DurationSeconds > ChainedSeconds && source == SourceKind.AssumedRole => (FailureKind.Refused,
                $"a session of {Duration(request)} is too long: the host's identity is itself an assumed role, and AWS gives such a chain of roles 1h at most",
                $"Grant with 1h, or with --aws-profile PROFILE of a user or of the first role: {grant} --session-duration 1h{rest}"),
            "ValidationError" when request.DurationSeconds > ChainedSeconds && source == SourceKind.Other => (FailureKind.Refused,
                $"AWS does not accept a session of {Duration(request)}: most often it is longer than the maximum that {role} has itself",
                $"Raise the role's maximum (aws iam update-role --max-session-duration {request.DurationSeconds} --role-name NAME), or grant with less: {grant} --session-duration 1h{rest}"),
            "ValidationError" when request.DurationSeconds > ChainedSeconds => (FailureKind.Refused,
                $"AWS does not accept a session of {Duration(request)} for {role}",
                $"A role's own maximum may be below it, and 1h is the most when the host's identity is itself an assumed role: {grant} --session-duration 1h{rest}"),
            "ValidationError" or "InvalidParameterValue" => (FailureKind.Refused,
                $"AWS does not accept a parameter for {role}",
                "The broker's log has AWS's own words. Where the host's identity is a role session with tags or a source identity, the grant's must not contradict them."),
            "Throttling" or "ThrottlingException" or "RequestLimitExceeded" or "TooManyRequestsException" => (FailureKind.Unavailable,
                "AWS STS is throttling the account of the broker's host",
                "Ask again in a moment."),
            "InternalFailure" or "InternalError" or "ServiceUnavailable" or "ServiceUnavailableException" => (FailureKind.Unavailable,
                "AWS STS has an internal error",
                "Ask again in a moment."),
            _ => (FailureKind.Refused,
                $"AWS STS refuses to give credentials of {role} ({code})",
                "The broker's log has AWS's own words."),
        };
        return new Failure(kind, code, message, hint, $"{code}: {awsMessage}");
    }

    /// <summary>Above it the sentence depends on who asks.</summary>
    public const int ChainedSeconds = 3600;

    private static string Duration(RoleRequest request) => SessionDuration.Format(TimeSpan.FromSeconds(request.DurationSeconds));

    /// <summary>Each is a permission of its own, and AWS says AccessDenied for all of them.</summary>
    private static string Permissions(RoleRequest request)
    {
        string more = (request.Tags is null ? "" : ", sts:TagSession for the grant's tags") + (request.SourceIdentity is null ? "" : ", sts:SetSourceIdentity for its source identity");
        return "sts:AssumeRole" + (more.Length == 0 ? "" : $"{more}: both must allow all of these");
    }

    /// <summary>What AWS packs. It counts in a form that it does not publish, so there is no saying beforehand.</summary>
    private static string PackedText(RoleRequest request) =>
        $"a policy of {request.Policy?.Length ?? 0} characters, {request.PolicyArns?.Count ?? 0} policy ARNs and {request.Tags?.Count ?? 0} tags";

    public static Failure NoSourceIdentity(RoleRequest request, Exception e) => new(
        FailureKind.Refused,
        "NoSourceIdentity",
        request.AwsProfile is null ? "the broker's host has no AWS identity to assume the role with" : $"the profile {request.AwsProfile} of the broker's host gives no AWS identity",
        request.AwsProfile is null
            ? "On the host: log in (aws sso login), set keys (aws configure) or AWS_PROFILE, or grant with --aws-profile PROFILE."
            : $"On the host: aws sso login --profile {request.AwsProfile}, or see what aws sts get-caller-identity --profile {request.AwsProfile} says.",
        Words(e));

    public static Failure ExpiredOnArrival(DateTimeOffset expiration, DateTimeOffset now) => new(
        FailureKind.Unavailable,
        "ExpiredOnArrival",
        "the credentials that AWS STS issued have expired already, by the clock of the broker's host",
        "Set the host's clock: compare it with `date -u` elsewhere.",
        $"they end at {expiration:u}, and it is {now:u} here");

    public static Failure SlowSourceIdentity(Exception e) => new(
        FailureKind.Unavailable,
        "SourceIdentityTimeout",
        "what gives the broker's host its AWS identity does not answer in time",
        "Check the login, process or metadata service that it comes from.",
        Words(e));

    public static Failure Unreachable(RoleRequest request, Exception e) => new(
        FailureKind.Unavailable,
        "StsUnreachable",
        $"AWS STS in {request.Region} cannot be reached from the broker's host",
        e.GetBaseException() is AuthenticationException
            ? "Its certificate is not trusted here: where a proxy looks into TLS, name the proxy's CA bundle in SSL_CERT_FILE for cred-broker, which does not read AWS_CA_BUNDLE."
            : "Check the host's network and proxy.",
        Words(e));

    public static Failure BadEndpoint(string why) => new(
        FailureKind.Host, "BadEndpoint", $"the endpoint for AWS STS that the broker's host names cannot be used: {why}", "Mend or unset AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL, or endpoint_url in the host's AWS config.");

    public static Failure Incomplete(string detail) => new(
        FailureKind.Unavailable, "IncompleteAnswer", "AWS STS answered without complete credentials", "Is there a proxy between the host and AWS?", detail);

    /// <summary>The SDK's outer exceptions often say no more than "see inner exception".</summary>
    private static string Words(Exception e) => e.GetBaseException() is { } inner && inner != e ? $"{e.GetType().Name}: {e.Message} ({inner.GetType().Name}: {inner.Message})" : $"{e.GetType().Name}: {e.Message}";
}

/// <summary>Whether a role is assumed from a role.</summary>
internal enum SourceKind
{
    /// <summary>Nobody has asked, or AWS has not said.</summary>
    Unknown,
    AssumedRole,

    /// <summary>A user, or a user's session.</summary>
    Other,
}
