using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace CredBroker.Grants;

/// <summary>The ARN of a managed policy that narrows a session. Source: STS API reference, AssumeRole, PolicyArns; IAM quotas.</summary>
internal static partial class PolicyArn
{
    public const string ValidValues = "arn:PARTITION:iam::ACCOUNT:policy/NAME of the role's account, or of AWS's own with 'aws' for the account";
    private const int MostArns = 10;

    /// <summary>All that is wrong with the policy ARNs of one grant.</summary>
    /// <param name="role">Null where it is wrong itself.</param>
    public static IEnumerable<string> Problems(IReadOnlyList<string> arns, RoleArn? role)
    {
        foreach (string arn in arns)
        {
            if (WhyNot(arn, role) is string why) yield return $"--policy-arn '{arn}' {why}";
        }

        foreach (string arn in arns.CountBy(arn => arn).Where(same => same.Value > 1).Select(same => same.Key)) yield return $"--policy-arn '{arn}' is given more than once";
        if (arns.Count > MostArns) yield return $"--policy-arn is given {arns.Count} times, and {MostArns} are the most";
    }

    private static string? WhyNot(string arn, RoleArn? role)
    {
        if (arn.Length is < 20 or > 2048) return $"has {arn.Length} characters, and must have 20 to 2048";
        Match match = Form().Match(arn);
        if (!match.Success || Partition.Find(match.Groups["partition"].Value) is not { } partition) return $"is not the ARN of a managed policy; it must be {ValidValues}";
        if (role is null) return null;
        if (partition != role.Partition) return $"is not of the partition {role.Partition.Name} that the role is in";
        string account = match.Groups["account"].Value;
        return account == "aws" || account == role.AccountId ? null : $"is of the account {account}, and must be of the role's, {role.AccountId}, or of AWS's own ('aws')";
    }

    [GeneratedRegex(@"\Aarn:(?<partition>[a-z-]+):iam::(?<account>[0-9]{12}|aws):policy/([!-~]{1,510}/)?[A-Za-z0-9_+=,.@-]{1,128}\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
