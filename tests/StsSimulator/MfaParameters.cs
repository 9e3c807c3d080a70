namespace StsSimulator;

/// <summary>The device and its code, as a request names them.</summary>
internal sealed record MfaParameters(string? SerialNumber, string? TokenCode)
{
    public static MfaParameters Of(QueryParameters query) => new(query["SerialNumber"], query["TokenCode"]);

    public bool IsGiven => SerialNumber is not null || TokenCode is not null;

    public void CheckMembers(MemberViolations violations)
    {
        violations.Check(SerialNumber, "serialNumber", MemberLimits.SerialNumber);
        violations.Check(TokenCode, "tokenCode", MemberLimits.TokenCode);
    }
}
