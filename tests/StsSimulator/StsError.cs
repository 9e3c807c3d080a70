namespace StsSimulator;

/// <summary>A refusal in AWS's words. A few of AWS's have no message.</summary>
internal sealed record StsError(int Status, string Code, string? Message)
{
    public static StsError Validation(string message) => new(400, "ValidationError", message);

    public static StsError InvalidParameterValue(string message) => new(400, "InvalidParameterValue", message);

    public static StsError MalformedPolicy(string message) => new(400, "MalformedPolicyDocument", message);

    public static StsError InvalidAction(string action, string? version) =>
        new(400, "InvalidAction", $"Could not find operation {action} for version {version ?? "NO_VERSION_SPECIFIED"}");

    public static StsError AccessDenied(string message) => new(403, "AccessDenied", message);

    public static StsError NotAuthorized(Caller caller, string action, string resource) =>
        AccessDenied($"User: {caller.Arn} is not authorized to perform: {action} on resource: {resource}");

    public static StsError RegionDisabled(string accountId) => new(403, "RegionDisabledException",
        $"STS is not activated in this region for account:{accountId}. Your account administrator can activate STS in this region using the IAM Console.");

    public static StsError Throttling { get; } = new(400, "Throttling", "Rate exceeded");

    public static StsError MissingAuthenticationToken { get; } = new(403, "MissingAuthenticationToken", "Request is missing Authentication Token");

    public static StsError IncompleteSignature(string message) => new(400, "IncompleteSignature", message);

    public static StsError SignatureDoesNotMatch(string message) => new(403, "SignatureDoesNotMatch", message);

    public static StsError InvalidClientTokenId { get; } = new(403, "InvalidClientTokenId", "The security token included in the request is invalid.");

    public static StsError ExpiredToken { get; } = new(403, "ExpiredToken", "The security token included in the request is expired");
}
