using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace StsSimulator;

/// <summary>
/// The text that SigV4 hashes, rebuilt from the request itself.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
/// </summary>
internal static partial class CanonicalRequest
{
    public static string Build(ReceivedRequest request, IReadOnlyList<string> signedHeaders) => string.Join('\n',
    [
        request.Method,
        request.Path,
        Query(request.Query),
        .. signedHeaders.Select(name => $"{name}:{string.Join(',', request.Headers[name].Select(HeaderValue))}"),
        "",
        string.Join(';', signedHeaders),
        Convert.ToHexStringLower(SHA256.HashData(request.Body)),
    ]);

    private static string Query(string query) => string.Join('&', query
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(parameter => parameter.Split('=', 2))
        .Select(parts => (Name: Encode(parts[0]), Value: parts.Length == 2 ? Encode(parts[1]) : ""))
        .OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
        .ThenBy(parameter => parameter.Value, StringComparer.Ordinal)
        .Select(parameter => $"{parameter.Name}={parameter.Value}"));

    private static string Encode(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    private static string HeaderValue(string value) => Spaces().Replace(value.Trim(), " ");

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
