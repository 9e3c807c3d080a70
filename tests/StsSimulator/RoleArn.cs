using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace StsSimulator;

/// <summary>The parts of a role's ARN.</summary>
internal sealed partial record RoleArn(string Partition, string AccountId, string Name)
{
    private const int MaxPathLength = 512;

    public static bool TryParse(string text, [NotNullWhen(true)] out RoleArn? arn)
    {
        Match match = Form().Match(text);
        arn = match.Success && match.Groups["path"].Length <= MaxPathLength
            ? new RoleArn(match.Groups["partition"].Value, match.Groups["account"].Value, match.Groups["name"].Value)
            : null;
        return arn is not null;
    }

    public string SessionArn(string sessionName) => $"arn:{Partition}:sts::{AccountId}:assumed-role/{Name}/{sessionName}";

    [GeneratedRegex(@"^arn:(?<partition>aws(-[a-z]+)*):iam::(?<account>[0-9]{12}):role(?<path>/([!-~]+/)?)(?<name>[A-Za-z0-9_+=,.@-]{1,64})\z")]
    private static partial Regex Form();
}
