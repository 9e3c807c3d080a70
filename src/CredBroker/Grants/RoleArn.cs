using System;
using System.Diagnostics.CodeAnalysis;
using System.Linq;

namespace CredBroker.Grants;

/// <summary>The ARN of an IAM role. Source: STS API reference, AssumeRole, RoleArn; IAM quotas.</summary>
internal sealed record RoleArn
{
    public const string ValidValues = "arn:PARTITION:iam::ACCOUNT:role/NAME, for example arn:aws:iam::123456789012:role/reader";

    private RoleArn(string text, Partition partition, string accountId)
    {
        Text = text;
        Partition = partition;
        AccountId = accountId;
    }

    public string Text { get; }
    public Partition Partition { get; }
    public string AccountId { get; }

    /// <param name="why">Why it is not one, as what follows "the role ARN "; null on success.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out RoleArn? arn, [NotNullWhen(false)] out string? why)
    {
        arn = null;
        why = Check(text, out Partition? partition, out string accountId);
        if (why is null) arn = new RoleArn(text, partition!, accountId);
        return why is null;
    }

    public override string ToString() => Text;

    private static string? Check(string text, out Partition? partition, out string accountId)
    {
        partition = null;
        accountId = "";
        if (text.Length == 0) return "is empty";
        if (text.Length is < 20 or > 2048) return $"has {text.Length} characters, and must have 20 to 2048";
        string[] parts = text.Split(':', 6);
        if (parts.Length < 6 || parts[0] != "arn") return "does not have the six parts of an ARN, the first of them 'arn'";
        partition = Partition.Find(parts[1]);
        if (partition is null) return $"names the partition '{parts[1]}', and must name one of {string.Join(", ", Partition.All.Select(p => p.Name))}";
        if (parts[2] != "iam") return $"names the service '{parts[2]}', and must name iam";
        if (parts[3].Length > 0) return $"names the region '{parts[3]}', and IAM roles have none";
        accountId = parts[4];
        if (accountId.Length == 0) return "has no account";
        if (accountId.Length != 12 || !accountId.All(char.IsAsciiDigit)) return $"names the account '{accountId}', and an account is 12 digits";
        string resource = parts[5];
        if (!resource.StartsWith("role/", StringComparison.Ordinal)) return $"is of '{resource.Split('/')[0]}', and must be of a role";
        return CheckName(resource[(resource.LastIndexOf('/') + 1)..]) ?? CheckPath(resource["role".Length..(resource.LastIndexOf('/') + 1)]);
    }

    private static string? CheckName(string name) => name.Length switch
    {
        0 => "has no role name after the last '/'",
        > 64 => $"has a role name of {name.Length} characters, and 64 is the most",
        _ => name.All(IsNameCharacter) ? null : "has a role name with a character outside A-Z a-z 0-9 _ + = , . @ -",
    };

    private static string? CheckPath(string path)
    {
        if (path == "//") return "has an empty path between its slashes";
        if (path.Length > 512) return $"has a path of {path.Length} characters, and 512 is the most";
        return path.All(c => c is >= '\x21' and <= '\x7E') ? null : "has a path with a space, a control character or a character outside ASCII";
    }

    /// <summary><c>[A-Za-z0-9_+=,.@-]</c>: the letters of IAM names, session names and source identities.</summary>
    public static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || "_+=,.@-".Contains(c, StringComparison.Ordinal);
}
