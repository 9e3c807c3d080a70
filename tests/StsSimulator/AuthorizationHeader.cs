using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace StsSimulator;

/// <summary>A complete SigV4 Authorization header, together with the X-Amz-Date that it needs.</summary>
internal sealed record AuthorizationHeader(string Credential, IReadOnlyList<string> SignedHeaders, string Signature, string Date)
{
    public static bool TryParse(
        ReceivedRequest request,
        [NotNullWhen(true)] out AuthorizationHeader? header,
        [NotNullWhen(false)] out StsError? error)
    {
        header = null;
        string? text = request.Header("authorization");
        if (text is null || !text.StartsWith("AWS4-", StringComparison.Ordinal))
        {
            error = StsError.MissingAuthenticationToken;
            return false;
        }

        string[] parts = text.Split(' ', 2);
        string algorithm = parts[0];
        if (algorithm != SigV4Signature.Algorithm)
        {
            error = StsError.IncompleteSignature($"Unsupported AWS 'algorithm': '{algorithm}'.");
            return false;
        }

        Dictionary<string, string> fields = [];
        string list = parts.Length == 2 ? parts[1] : "";
        foreach (string field in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = field.Split('=', 2);
            if (pair.Length != 2)
            {
                error = StsError.IncompleteSignature($"'{field}' not a valid key=value pair (missing equal-sign) in Authorization header: '{text}'.");
                return false;
            }
            fields[pair[0]] = pair[1];
        }

        string missing = "";
        foreach (string name in (string[])["Credential", "Signature", "SignedHeaders"])
            missing += fields.ContainsKey(name) ? "" : $"Authorization header requires '{name}' parameter. ";
        string? date = request.Header("x-amz-date");
        missing += date is null ? "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. " : "";
        if (missing.Length > 0 || date is null)
        {
            error = StsError.IncompleteSignature($"{missing}Authorization={algorithm}");
            return false;
        }

        error = null;
        header = new AuthorizationHeader(fields["Credential"], fields["SignedHeaders"].Split(';'), fields["Signature"], date);
        return true;
    }
}
