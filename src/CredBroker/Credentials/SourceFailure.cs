namespace CredBroker.Credentials;

/// <summary>What AWS says when the host's identity itself is asked for: by a web identity token, an SSO login or a profile with a role of its own.</summary>
internal static class SourceFailure
{
    /// <summary>Source: STS API reference, "AssumeRoleWithWebIdentity: Errors"; SSO portal API reference, "GetRoleCredentials: Errors".</summary>
    public static Failure FromCode(string code, string awsMessage, RoleRequest request)
    {
        string source = request.AwsProfile is null ? "the broker's host" : $"the profile {request.AwsProfile} of the broker's host";
        string profile = request.AwsProfile is null ? "" : $" --profile {request.AwsProfile}";
        (FailureKind kind, string message, string hint) = code switch
        {
            "InvalidIdentityToken" or "InvalidIdentityTokenException" => (FailureKind.Refused,
                $"AWS does not accept the web identity token of {source}",
                "Check that IAM knows its issuer as an identity provider, with its audience; the broker's log has AWS's own words."),
            "IDPRejectedClaim" or "IDPRejectedClaimException" => (FailureKind.Refused,
                $"the identity provider does not stand by the web identity token of {source}",
                "It may have been revoked, or be of another audience: get a new one; a running broker picks it up."),
            "IDPCommunicationError" or "IDPCommunicationErrorException" => (FailureKind.Unavailable,
                $"AWS cannot reach the identity provider that vouches for {source}",
                "Check the provider's keys (its jwks_uri) from outside, and ask again in a moment."),
            "ExpiredToken" or "ExpiredTokenException" or "UnauthorizedException" => (FailureKind.Refused,
                $"the login or web identity token of {source} has expired",
                $"Log in again on the host (aws sso login{profile}), or write a new token to the token's file; a running broker picks it up."),
            "AccessDenied" or "AccessDeniedException" or "ForbiddenException" => (FailureKind.Refused,
                $"AWS does not let {source} have the role that it takes for its own",
                $"Check that role's trust policy, and what aws sts get-caller-identity{profile} says on the host."),
            "Throttling" or "ThrottlingException" or "TooManyRequestsException" or "RequestLimitExceeded" or "InternalFailure" or "InternalError" or "ServiceUnavailable" or "ServiceUnavailableException" => (FailureKind.Unavailable,
                $"AWS is not giving {source} its identity now ({code})",
                "Ask again in a moment."),
            _ => (FailureKind.Refused,
                $"AWS gives {source} no identity to assume the role with ({code})",
                $"See what aws sts get-caller-identity{profile} says on the host; the broker's log has AWS's own words."),
        };
        return new Failure(kind, code, message, hint, $"{code}: {awsMessage}");
    }
}
