using System;
using CredBroker.Credentials;

namespace CredBroker.Tests;

/// <summary>The codes that AWS has for the same thing, and hints that can be run as they stand.</summary>
public class StsFailureTests
{
    [Theory]
    [InlineData("AccessDeniedException", "AccessDenied")]
    [InlineData("ExpiredTokenException", "ExpiredToken")]
    [InlineData("UnrecognizedClientException", "InvalidClientTokenId")]
    [InlineData("InvalidSignatureException", "SignatureDoesNotMatch")]
    [InlineData("RequestExpired", "SignatureDoesNotMatch")]
    [InlineData("RegionDisabled", "RegionDisabledException")]
    [InlineData("MalformedPolicyDocumentException", "MalformedPolicyDocument")]
    [InlineData("PackedPolicyTooLargeException", "PackedPolicyTooLarge")]
    [InlineData("ThrottlingException", "Throttling")]
    [InlineData("RequestLimitExceeded", "Throttling")]
    [InlineData("InternalError", "InternalFailure")]
    [InlineData("ServiceUnavailableException", "ServiceUnavailable")]
    public void Two_codes_for_one_thing_are_told_alike(string code, string other)
    {
        Failure failure = StsFailure.FromCode(code, "words", Some.Request), same = StsFailure.FromCode(other, "words", Some.Request);

        Assert.Equal((code, $"{code}: words"), (failure.Code, failure.Detail));
        Assert.Equal(same, failure with { Code = same.Code, Detail = same.Detail });
    }

    [Theory]
    [InlineData("ExpiredToken", null, "aws sso login,")]
    [InlineData("ExpiredToken", "work", "aws sso login --profile work,")]
    [InlineData("InvalidClientTokenId", "work", "aws sts get-caller-identity --profile work on the host")]
    [InlineData("RegionDisabledException", null, "cred-broker grant aws --name NAME --role arn:aws:iam::123456789012:role/reader --region REGION")]
    [InlineData("ValidationError", null, "cred-broker grant aws --name NAME --role arn:aws:iam::123456789012:role/reader --session-duration 1h")]
    public void A_hint_names_the_command(string code, string? profile, string command) =>
        Assert.Contains(command, StsFailure.FromCode(code, "words", Some.Request with { AwsProfile = profile }).Hint, StringComparison.Ordinal);

    [Fact]
    public void A_code_that_nobody_knows_is_told_by_its_name() =>
        Assert.Equal("AWS STS refuses to give credentials of arn:aws:iam::123456789012:role/reader (SomethingNew)", StsFailure.FromCode("SomethingNew", "words", Some.Request).Message);
}
