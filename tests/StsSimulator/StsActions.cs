using System;
using System.Collections.Generic;
using System.Linq;

namespace StsSimulator;

/// <summary>What STS does for a caller who is who he says.</summary>
internal sealed class StsActions(StsConfiguration configuration, SigningKeys keys, TimeProvider clock)
{
    /// <summary>The one action that nobody signs: its token says who it is.</summary>
    public const string WebIdentity = "AssumeRoleWithWebIdentity";

    private const string ApiVersion = "2011-06-15";
    private const int DefaultUserSessionDuration = 43200;

    private readonly MfaDevices devices = new();
    private readonly Dictionary<string, SimulatedRole> roles = configuration.Roles.ToDictionary(role => role.Arn);

    public static StsError? Unknown(string action, string? version) =>
        action is "AssumeRole" or WebIdentity or "GetCallerIdentity" or "GetSessionToken" && version == ApiVersion ? null : StsError.InvalidAction(action, version);

    /// <summary>One of the two is null.</summary>
    public (StsAnswer? Answer, StsError? Error) Perform(string action, QueryParameters query, VerifiedSignature signature) => action switch
    {
        "AssumeRole" => AssumeRole(query, signature),
        "GetSessionToken" => GetSessionToken(query, signature),
        _ => (new CallerIdentityAnswer(signature.Caller), null),
    };

    private (StsAnswer? Answer, StsError? Error) AssumeRole(QueryParameters query, VerifiedSignature signature)
    {
        if (!AssumeRoleParameters.TryParse(query, out AssumeRoleParameters? request, out StsError? error))
            return (null, error);
        SimulatedRole? role = roles.GetValueOrDefault(request.RoleArnText);
        error = DisabledRegion(signature.Region, request.RoleArn.AccountId)
            ?? devices.Refusal(signature.Caller, request.Mfa)
            ?? TrustPolicy.Refusal(role, signature.Caller, request);
        if (error is not null || role is null)
            return (null, error);

        Caller session = new()
        {
            Kind = CallerKind.AssumedRole,
            Arn = request.RoleArn.SessionArn(request.SessionName),
            Partition = request.RoleArn.Partition,
            AccountId = request.RoleArn.AccountId,
            UserId = $"{role.RoleId}:{request.SessionName}",
            RoleArn = role.Arn,
            SourceIdentity = request.SourceIdentity ?? signature.Caller.SourceIdentity,
            TransitiveTagKeys = [.. signature.Caller.TransitiveTagKeys, .. request.Tags.TransitiveKeys.OfType<string>()],
        };
        IssuedCredentials credentials = Issue(session, request.DurationSeconds);
        return (new AssumeRoleAnswer(session, credentials)
        {
            PackedPolicySize = request.Policies.Any || request.Tags.Tags.Count > 0 ? request.Policies.PackedSize(request.Tags) : null,
            SourceIdentity = session.SourceIdentity,
        }, null);
    }

    public (StsAnswer? Answer, StsError? Error) AssumeRoleWithWebIdentity(QueryParameters query)
    {
        if (!AssumeRoleParameters.TryParse(query, out AssumeRoleParameters? request, out StsError? error))
            return (null, error);
        string? role = configuration.WebIdentityTokens.GetValueOrDefault(query["WebIdentityToken"] ?? "");
        if (role is null)
            return (null, new StsError(400, "InvalidIdentityToken", "No OpenIDConnect provider found in your account for the issuer of the token"));
        if (role != request.RoleArnText || !roles.TryGetValue(role, out SimulatedRole? known))
            return (null, StsError.AccessDenied($"Not authorized to perform sts:{WebIdentity}"));
        Caller session = new()
        {
            Kind = CallerKind.AssumedRole,
            Arn = request.RoleArn.SessionArn(request.SessionName),
            Partition = request.RoleArn.Partition,
            AccountId = request.RoleArn.AccountId,
            UserId = $"{known.RoleId}:{request.SessionName}",
            RoleArn = role,
        };
        return (new AssumeRoleAnswer(session, Issue(session, request.DurationSeconds)), null);
    }

    private (StsAnswer? Answer, StsError? Error) GetSessionToken(QueryParameters query, VerifiedSignature signature)
    {
        if (!Duration.TryParse(query["DurationSeconds"], DefaultUserSessionDuration, out int duration, out StsError? error))
            return (null, error);
        MemberViolations violations = new();
        violations.Check(duration, "durationSeconds", MemberLimits.MinDuration, MemberLimits.MaxUserSessionDuration);
        MfaParameters mfa = MfaParameters.Of(query);
        mfa.CheckMembers(violations);
        error = violations.Error ?? DisabledRegion(signature.Region, signature.Caller.AccountId);
        if (error is null && signature.Caller.Kind != CallerKind.User)
            error = StsError.AccessDenied("Cannot call GetSessionToken with session credentials");
        error ??= devices.Refusal(signature.Caller, mfa);
        return error is null
            ? (new SessionTokenAnswer(Issue(signature.Caller with { Kind = CallerKind.UserSession, HasMfa = mfa.IsGiven }, duration)), null)
            : (null, error);
    }

    private StsError? DisabledRegion(string region, string accountId) =>
        configuration.DisabledRegions.Contains(region) ? StsError.RegionDisabled(accountId) : null;

    private IssuedCredentials Issue(Caller caller, int durationSeconds)
    {
        IssuedCredentials credentials = IssuedCredentials.Issue(clock.GetUtcNow(), durationSeconds);
        keys.Add(credentials, caller);
        return credentials;
    }
}
