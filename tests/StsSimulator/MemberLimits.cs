using System.Text.RegularExpressions;

namespace StsSimulator;

/// <summary>Length in characters, what they may be, and how AWS prints that.</summary>
internal sealed record TextLimit(int Min, int Max, Regex Allowed, string Pattern);

/// <summary>The limits of https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html</summary>
internal static partial class MemberLimits
{
    private const string ArnPattern = @"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+";
    private const string NamePattern = @"[\w+=,.@-]*";

    public const int MinDuration = 900;
    public const int MaxDuration = 43200;
    public const int MaxUserSessionDuration = 129600;
    public const int MaxTags = 50;
    public const int MaxPolicyArns = 10;

    public static TextLimit Arn { get; } = new(20, 2048, ArnCharacters(), ArnPattern);
    public static TextLimit RoleSessionName { get; } = new(2, 64, NameCharacters(), NamePattern);
    public static TextLimit SourceIdentity { get; } = RoleSessionName;
    public static TextLimit ExternalId { get; } = new(2, 1224, ExternalIdCharacters(), @"[\w+=,.@:\/-]*");
    public static TextLimit SerialNumber { get; } = new(9, 256, SerialNumberCharacters(), @"[\w+=/:,.@-]*");
    public static TextLimit TokenCode { get; } = new(6, 6, Digits(), @"[\d]*");
    public static TextLimit Policy { get; } = new(1, 2048, PolicyCharacters(), @"[\u0009\u000A\u000D\u0020-\u00FF]+");
    public static TextLimit TagKey { get; } = new(1, 128, TagKeyCharacters(), @"[\p{L}\p{Z}\p{N}_.:/=+\-@]+");
    public static TextLimit TagValue { get; } = new(0, 256, TagValueCharacters(), @"[\p{L}\p{Z}\p{N}_.:/=+\-@]*");

    // \u10000 in AWS's pattern is \u1000 and a zero: it does refuse what lies beyond the first 65,536 characters.
    [GeneratedRegex(@"^[\t\n\r\x20-\x7E\x85\xA0-\uD7FF\uE000-\uFFFD]+\z")]
    private static partial Regex ArnCharacters();

    // \w means ASCII to AWS.
    [GeneratedRegex(@"^[A-Za-z0-9_+=,.@-]*\z")]
    private static partial Regex NameCharacters();

    [GeneratedRegex(@"^[A-Za-z0-9_+=,.@:/-]*\z")]
    private static partial Regex ExternalIdCharacters();

    [GeneratedRegex(@"^[A-Za-z0-9_+=/:,.@-]*\z")]
    private static partial Regex SerialNumberCharacters();

    [GeneratedRegex(@"^[0-9]*\z")]
    private static partial Regex Digits();

    [GeneratedRegex(@"^[\t\n\r\x20-\xFF]+\z")]
    private static partial Regex PolicyCharacters();

    [GeneratedRegex(@"^[\p{L}\p{Z}\p{N}_.:/=+\-@]+\z")]
    private static partial Regex TagKeyCharacters();

    [GeneratedRegex(@"^[\p{L}\p{Z}\p{N}_.:/=+\-@]*\z")]
    private static partial Regex TagValueCharacters();
}
