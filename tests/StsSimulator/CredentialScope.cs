using System.Diagnostics.CodeAnalysis;

namespace StsSimulator;

/// <summary>The <c>Credential</c> of an Authorization header: key/date/region/service/aws4_request.</summary>
internal sealed record CredentialScope(string AccessKeyId, string Date, string Region, string Service, string Terminator)
{
    public static bool TryParse(string text, [NotNullWhen(true)] out CredentialScope? scope)
    {
        string[] parts = text.Split('/');
        scope = parts.Length == 5 ? new CredentialScope(parts[0], parts[1], parts[2], parts[3], parts[4]) : null;
        return scope is not null;
    }

    public override string ToString() => $"{Date}/{Region}/{Service}/{Terminator}";
}
