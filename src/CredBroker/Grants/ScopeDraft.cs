using System;
using System.Collections.Generic;
using System.Linq;

namespace CredBroker.Grants;

/// <summary>What narrows the sessions of a grant, and what marks them, as typed.</summary>
internal sealed record ScopeDraft
{
    /// <summary>The text of a policy; null: none is given. Empty is not none: a variable that is not set must not widen a grant.</summary>
    public string? Policy { get; init; }
    public IReadOnlyList<string> Allow { get; init; } = [];
    public IReadOnlyList<string> Resources { get; init; } = [];
    public string? Preset { get; init; }
    public IReadOnlyList<string> PolicyArns { get; init; } = [];
    public IReadOnlyList<string> Tags { get; init; } = [];
    public IReadOnlyList<string> TransitiveTagKeys { get; init; } = [];
    public string? SourceIdentity { get; init; }
    public string? SessionNamePrefix { get; init; }
    public string? MfaSerial { get; init; }

    /// <summary>Puts all of it into a grant, and what is wrong with it into the problems.</summary>
    /// <param name="role">Null where it is wrong itself: then all is checked that can be without it.</param>
    public Grant Apply(Grant grant, RoleArn? role, List<string> problems)
    {
        List<SessionTag> tags = [];
        foreach (string text in Tags)
        {
            if (SessionTag.TryParse(text, out SessionTag? tag)) tags.Add(tag);
            else problems.Add($"--tag '{text}' has no '='; it must be {SessionTag.ValidValues}");
        }

        Grant narrowed = grant with
        {
            Preset = Preset,
            Policy = AcceptPolicy(problems),
            PolicyArns = ValueList<string>.OrNull(PolicyArns),
            Tags = ValueList<SessionTag>.OrNull(tags),
            TransitiveTagKeys = ValueList<string>.OrNull(TransitiveTagKeys),
            SourceIdentity = SourceIdentity,
            SessionNamePrefix = SessionNamePrefix,
            MfaSerial = MfaSerial,
        };
        problems.AddRange(PolicyArn.Problems(PolicyArns, role));
        if (WhyNotTogether(narrowed, role) is string whyNotTogether) problems.Add(whyNotTogether);
        problems.AddRange(SessionTag.Problems(tags, TransitiveTagKeys));
        if (SourceIdentity is not null && SessionName.WhyNotSourceIdentity(SourceIdentity) is string whyNotIdentity) problems.Add($"--source-identity '{SourceIdentity}' {whyNotIdentity}");
        if (SessionNamePrefix is not null && SessionName.WhyNotPrefix(SessionNamePrefix) is string whyNotPrefix) problems.Add($"--session-name-prefix '{SessionNamePrefix}' {whyNotPrefix}");
        if (MfaSerial is not null && MfaDevice.WhyNotSerial(MfaSerial, role?.Partition) is string whyNotSerial) problems.Add($"--mfa-serial '{MfaSerial}' {whyNotSerial}; it must be {MfaDevice.ValidValues}");
        return narrowed;
    }

    private string? AcceptPolicy(List<string> problems)
    {
        bool isBuilt = Allow.Count > 0 || Resources.Count > 0;
        string[] given = [.. new[] { Policy is null ? null : "--policy", Preset is null ? null : "--preset", isBuilt ? "--allow with --resource" : null }.OfType<string>()];
        if (given.Length > 1) problems.Add($"{string.Join(" and ", given)} are given, and each is a policy of its own: give one of them");
        if (Preset is not null && SessionPreset.Find(Preset) is null) problems.Add($"--preset '{Preset}' is not one of: {string.Join(", ", SessionPreset.All.Select(preset => preset.Name))}");
        if (isBuilt && Resources.Count == 0) problems.Add("--allow is given without --resource; to allow it on all resources write: --resource '*'");
        if (isBuilt && Allow.Count == 0) problems.Add("--resource is given without --allow");
        problems.AddRange(Wrong("--allow", Allow, PolicyShape.WhyNotAction));
        problems.AddRange(Wrong("--resource", Resources, PolicyShape.WhyNotResource));
        if (Policy is null) return isBuilt ? SessionPolicy.Build(new PolicyStatement(Allow, Resources)) : null;
        if (!SessionPolicy.TryParse(Policy, out string minified, out IReadOnlyList<string> found)) problems.AddRange(found.Select(why => $"--policy: the policy {why}"));
        return minified;
    }

    private static IEnumerable<string> Wrong(string option, IReadOnlyList<string> values, Func<string, string?> whyNot) =>
        values.Select(value => (Value: value, Why: whyNot(value))).Where(item => item.Why is not null).Select(item => $"{option} '{item.Value}' {item.Why}");

    private static string? WhyNotTogether(Grant grant, RoleArn? role)
    {
        bool isKnown = role is not null && (grant.Preset is null || SessionPreset.Find(grant.Preset) is not null);
        int policy = (isKnown ? grant.SentPolicy : grant.Policy)?.Length ?? 0, arns = grant.PolicyArns?.Sum(arn => arn.Length) ?? 0;
        return policy + arns <= SessionPolicy.MostCharacters ? null
            : $"the session policy ({policy} characters without its white space) and the policy ARNs ({arns}) are longer than {SessionPolicy.MostCharacters} characters together";
    }
}
