using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;

namespace StsSimulator;

/// <summary>The signature that a request should carry, in hexadecimal.</summary>
internal static class SigV4Signature
{
    public const string Algorithm = "AWS4-HMAC-SHA256";

    public static string Of(ReceivedRequest request, IReadOnlyList<string> signedHeaders, string date, CredentialScope scope, string secretAccessKey)
    {
        byte[] canonicalRequest = Encoding.UTF8.GetBytes(CanonicalRequest.Build(request, signedHeaders));
        string stringToSign = $"{Algorithm}\n{date}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(canonicalRequest))}";
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + secretAccessKey);
        foreach (string step in (string[])[scope.Date, scope.Region, scope.Service, scope.Terminator, stringToSign])
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(step));
        return Convert.ToHexStringLower(key);
    }
}
