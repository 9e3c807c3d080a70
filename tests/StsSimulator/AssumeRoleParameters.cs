using System.Diagnostics.CodeAnalysis;

namespace StsSimulator;

/// <summary>A request for a role that is within all of AWS's limits; whether it is allowed is another question.</summary>
internal sealed record AssumeRoleParameters
{
    private const int DefaultDuration = 3600;

    public required string RoleArnText { get; init; }

    public required RoleArn RoleArn { get; init; }

    public required string SessionName { get; init; }

    public required int DurationSeconds { get; init; }

    public required string? ExternalId { get; init; }

    public required string? SourceIdentity { get; init; }

    public required MfaParameters Mfa { get; init; }

    public required SessionPolicies Policies { get; init; }

    public required SessionTags Tags { get; init; }

    public static bool TryParse(
        QueryParameters query,
        [NotNullWhen(true)] out AssumeRoleParameters? parameters,
        [NotNullWhen(false)] out StsError? error)
    {
        parameters = null;
        if (!Duration.TryParse(query["DurationSeconds"], DefaultDuration, out int duration, out error))
            return false;

        string? roleArn = query["RoleArn"];
        string? sessionName = query["RoleSessionName"];
        SessionPolicies policies = SessionPolicies.Of(query);
        SessionTags tags = SessionTags.Of(query);
        MfaParameters mfa = MfaParameters.Of(query);

        MemberViolations violations = new();
        violations.Require(roleArn, "roleArn", MemberLimits.Arn);
        violations.Require(sessionName, "roleSessionName", MemberLimits.RoleSessionName);
        policies.CheckMembers(violations);
        violations.Check(duration, "durationSeconds", MemberLimits.MinDuration, MemberLimits.MaxDuration);
        tags.CheckMembers(violations);
        violations.Check(query["ExternalId"], "externalId", MemberLimits.ExternalId);
        violations.Check(query["SourceIdentity"], "sourceIdentity", MemberLimits.SourceIdentity);
        mfa.CheckMembers(violations);
        error = violations.Error;
        if (error is not null)
            return false;

        if (!RoleArn.TryParse(roleArn!, out RoleArn? role))
        {
            error = StsError.Validation($"{roleArn} is invalid");
            return false;
        }
        error = tags.WrongTogether() ?? policies.WrongContent(role, tags);
        if (error is not null)
            return false;

        parameters = new AssumeRoleParameters
        {
            RoleArnText = roleArn!,
            RoleArn = role,
            SessionName = sessionName!,
            DurationSeconds = duration,
            ExternalId = query["ExternalId"],
            SourceIdentity = query["SourceIdentity"],
            Mfa = mfa,
            Policies = policies,
            Tags = tags,
        };
        return true;
    }
}
