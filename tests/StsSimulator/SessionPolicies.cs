using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace StsSimulator;

/// <summary>What narrows a session: an inline policy and the ARNs of managed ones.</summary>
internal sealed partial record SessionPolicies(string? Inline, IReadOnlyList<string?> ManagedArns)
{
    public static SessionPolicies Of(QueryParameters query) => new(query["Policy"], query.Members("PolicyArns", ".arn"));

    public bool Any => Inline is not null || ManagedArns.Count > 0;

    public void CheckMembers(MemberViolations violations)
    {
        for (int i = 0; i < ManagedArns.Count; i++)
            violations.Check(ManagedArns[i], $"policyArns.{i + 1}.member.arn", MemberLimits.Arn);
        violations.CheckCount(ManagedArns, "policyArns", MemberLimits.MaxPolicyArns);
        violations.Check(Inline, "policy", MemberLimits.Policy);
    }

    /// <summary>What is wrong with the policies, once each has a good length.</summary>
    public StsError? WrongContent(RoleArn role, SessionTags tags)
    {
        string? foreign = ManagedArns.FirstOrDefault(arn => !IsOfAccount(arn, role));
        if (foreign is not null)
            return StsError.Validation($"{foreign} is invalid");
        if (Inline is not null && PolicyDocument.Fault(Inline) is string fault)
            return StsError.MalformedPolicy(fault);
        int packed = PackedSize(tags);
        return packed > 100
            ? new StsError(400, "PackedPolicyTooLarge", $"Packed policy consumes {packed}% of allotted space, please use smaller policy.")
            : null;
    }

    /// <summary>
    /// Percent of the allotted space. AWS's own packing is not published; here it is every character that is not white space,
    /// of 2,048. Real policies can fill the space sooner: <see cref="Faults.Refuse"/> plays that.
    /// </summary>
    public int PackedSize(SessionTags tags)
    {
        int characters = (Inline ?? "").Count(c => !char.IsWhiteSpace(c)) + ManagedArns.Sum(arn => arn?.Length ?? 0) + tags.CharacterCount;
        return (int)Math.Ceiling(characters * 100 / 2048.0);
    }

    // "aws" in place of the account is where AWS keeps its own managed policies.
    private static bool IsOfAccount(string? arn, RoleArn role)
    {
        Match match = PolicyArn().Match(arn ?? "");
        return match.Success && match.Groups["partition"].Value == role.Partition
            && (match.Groups["account"].Value == role.AccountId || match.Groups["account"].Value == "aws");
    }

    [GeneratedRegex(@"^arn:(?<partition>aws(-[a-z]+)*):iam::(?<account>[0-9]{12}|aws):policy/([!-~]+/)?[A-Za-z0-9_+=,.@-]{1,128}\z")]
    private static partial Regex PolicyArn();
}
