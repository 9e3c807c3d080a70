using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace StsSimulator;

/// <summary>Who signed a request, with which key, for which region.</summary>
internal sealed record VerifiedSignature(Caller Caller, string AccessKeyId, string Region);

/// <summary>Tells a well signed request from any other, and says why in AWS's words.</summary>
internal sealed partial class SigV4Verifier(SigningKeys keys, TimeProvider clock, TimeSpan allowedSkew)
{
    private const string DateForm = "yyyyMMdd'T'HHmmss'Z'";

    public bool TryVerify(
        ReceivedRequest request,
        [NotNullWhen(true)] out VerifiedSignature? signature,
        [NotNullWhen(false)] out StsError? error)
    {
        signature = null;
        if (!AuthorizationHeader.TryParse(request, out AuthorizationHeader? header, out error))
            return false;
        if (!CredentialScope.TryParse(header.Credential, out CredentialScope? scope))
        {
            error = StsError.IncompleteSignature(
                $"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{header.Credential}'");
            return false;
        }

        DateTimeOffset now = clock.GetUtcNow();
        SigningKey? key = keys.Find(scope.AccessKeyId);
        error = UnsignedHost(header) ?? WrongDate(header.Date, now) ?? WrongScope(scope, header.Date)
            ?? WrongKey(key, request.Header("x-amz-security-token"), now);
        if (error is not null || key is null)
        {
            error ??= StsError.InvalidClientTokenId;
            return false;
        }

        string expected = SigV4Signature.Of(request, header.SignedHeaders, header.Date, scope, key.SecretAccessKey);
        if (!Same(expected, header.Signature))
        {
            error = StsError.SignatureDoesNotMatch("The request signature we calculated does not match the signature you provided. "
                + "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.");
            return false;
        }
        signature = new VerifiedSignature(key.Caller, key.AccessKeyId, scope.Region);
        return true;
    }

    private static StsError? UnsignedHost(AuthorizationHeader header) => header.SignedHeaders.Contains("host")
        ? null
        : StsError.SignatureDoesNotMatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");

    private StsError? WrongDate(string date, DateTimeOffset now)
    {
        if (!DateTimeOffset.TryParseExact(date, DateForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset signedAt))
            return StsError.IncompleteSignature($"Date must be in ISO-8601 'basic format'. Got '{date}'. See http://en.wikipedia.org/wiki/ISO_8601");
        if (signedAt < now - allowedSkew)
            return StsError.SignatureDoesNotMatch(
                $"Signature expired: {date} is now earlier than {Basic(now - allowedSkew)} ({Basic(now)} - {allowedSkew.TotalMinutes} min.)");
        if (signedAt > now + allowedSkew)
            return StsError.SignatureDoesNotMatch(
                $"Signature not yet current: {date} is still later than {Basic(now + allowedSkew)} ({Basic(now)} + {allowedSkew.TotalMinutes} min.)");
        return null;
    }

    private static StsError? WrongScope(CredentialScope scope, string date)
    {
        string wrong = "";
        if (!Region().IsMatch(scope.Region))
            wrong += "Credential should be scoped to a valid region. ";
        if (scope.Service != "sts")
            wrong += "Credential should be scoped to correct service: 'sts'. ";
        if (scope.Terminator != "aws4_request")
            wrong += $"Credential should be scoped with a valid terminator: 'aws4_request', not '{scope.Terminator}'. ";
        if (scope.Date != date[..8])
            wrong += "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                + $"'{scope.Date}' != '{date[..8]}', from '{date}'.";
        return wrong.Length == 0 ? null : StsError.SignatureDoesNotMatch(wrong);
    }

    private static StsError? WrongKey(SigningKey? key, string? sessionToken, DateTimeOffset now)
    {
        if (key is null || !Same(key.SessionToken ?? "", sessionToken ?? ""))
            return StsError.InvalidClientTokenId;
        return key.Expiration <= now ? StsError.ExpiredToken : null;
    }

    // A comparison that stops at the first difference tells an attacker how much of a guess was right.
    private static bool Same(string expected, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given));

    private static string Basic(DateTimeOffset time) => time.UtcDateTime.ToString(DateForm, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[a-z]{2,4}(-[a-z]+)+-[0-9]+\z")]
    private static partial Regex Region();
}
