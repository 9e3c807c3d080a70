using System.Linq;

namespace CredBroker.Grants;

/// <summary>What a role session is called, by the broker and by the source identity that an administrator may ask for. Source: STS API reference, AssumeRole.</summary>
internal static class SessionName
{
    public const string DefaultPrefix = "cred-broker";
    public const int Longest = 64;

    /// <summary>Leaves room for '-' and a session's id of 12 letters.</summary>
    public const int LongestPrefix = Longest - 1 - 12;

    private const string Characters = "A-Z a-z 0-9 _ + = , . @ -";

    /// <summary>Why a text cannot begin the names of a grant's sessions, as what follows the text; null where it can.</summary>
    public static string? WhyNotPrefix(string prefix)
    {
        if (prefix.Length is < 1 or > LongestPrefix) return $"has {prefix.Length} characters, and must have 1 to {LongestPrefix}: '-' and the session's id follow it";
        return prefix.All(RoleArn.IsNameCharacter) ? null : $"has a character outside {Characters}";
    }

    public static string? WhyNotSourceIdentity(string identity)
    {
        if (identity.Length is < 2 or > Longest) return $"has {identity.Length} characters, and must have 2 to {Longest}";
        // "aws:" is AWS's own; its ':' would not pass either, but this says why.
        if (identity.StartsWith("aws:", System.StringComparison.OrdinalIgnoreCase)) return "begins with aws:, which AWS keeps for itself";
        return identity.All(RoleArn.IsNameCharacter) ? null : $"has a character outside {Characters}";
    }
}
