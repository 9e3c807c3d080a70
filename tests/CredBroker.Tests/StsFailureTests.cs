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
    public void A_hint_names_the_command(string code, string? profile, string command) =>
        Assert.Contains(command, StsFailure.FromCode(code, "words", Some.Request with { AwsProfile = profile }).Hint, StringComparison.Ordinal);

    private static readonly RoleRequest Long = Some.Request with { DurationSeconds = 7200 };

    public static TheoryData<string, int, string, string> Durations => new()
    {
        { "AssumedRole", 7200, "a session of 2h is too long: the host's identity is itself an assumed role, and AWS gives such a chain of roles 1h at most", "Grant with 1h, or with --aws-profile PROFILE of a user" },
        { "AssumedRole", 3601, "a session of 1h1s is too long", "--session-duration 1h" },
        { "Other", 7200, $"AWS does not accept a session of 2h: most often it is longer than the maximum that {Some.Role} has itself", "Raise the role's maximum (aws iam update-role --max-session-duration 7200 --role-name NAME)" },
        { "Unknown", 7200, $"AWS does not accept a session of 2h for {Some.Role}", "1h is the most when the host's identity is itself an assumed role" },
        { "AssumedRole", 3600, $"AWS does not accept a parameter for {Some.Role}", "AWS's own words" },
        { "Other", 900, $"AWS does not accept a parameter for {Some.Role}", "AWS's own words" },
    };

    [Theory]
    [MemberData(nameof(Durations))]
    public void A_parameter_that_AWS_does_not_take_is_told_by_what_is_known(string source, int seconds, string message, string hint)
    {
        Failure failure = StsFailure.FromCode("ValidationError", "words", Some.Request with { DurationSeconds = seconds }, Enum.Parse<SourceKind>(source));

        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
        Assert.Contains(hint, failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hint_whose_command_would_widen_the_grant_says_so()
    {
        Assert.EndsWith("--session-duration 1h", StsFailure.FromCode("ValidationError", "words", Long, SourceKind.AssumedRole).Hint, StringComparison.Ordinal);
        Assert.EndsWith(
            "--session-duration 1h and its other options (cred-broker grant show NAME)",
            StsFailure.FromCode("ValidationError", "words", Long with { Policy = "{}" }, SourceKind.AssumedRole).Hint,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing more", false, false, "permission for sts:AssumeRole; the broker's log")]
    [InlineData("tags", true, false, "permission for sts:AssumeRole, sts:TagSession for the grant's tags: both must allow all of these")]
    [InlineData("a source identity", false, true, "permission for sts:AssumeRole, sts:SetSourceIdentity for its source identity: both")]
    [InlineData("both", true, true, "sts:AssumeRole, sts:TagSession for the grant's tags, sts:SetSourceIdentity for its source identity")]
    public void A_denial_names_every_permission_that_the_grant_needs(string why, bool isTagged, bool isNamed, string permissions)
    {
        RoleRequest request = Some.Request with { Tags = isTagged ? new([new("k", "v")]) : null, SourceIdentity = isNamed ? "alice" : null };

        Assert.True(StsFailure.FromCode("AccessDenied", "words", request).Hint!.Contains(permissions, StringComparison.Ordinal), why);
    }

    [Theory]
    [InlineData("of no device", null, "MFA, for which there is --mfa-serial")]
    [InlineData("of a device", "GAHT12345", "how long MFA counts")]
    public void A_denial_thinks_of_MFA(string why, string? serial, string hint) =>
        Assert.True(StsFailure.FromCode("AccessDenied", "words", Some.Request with { MfaSerial = serial }).Hint!.Contains(hint, StringComparison.Ordinal), why);

    [Fact]
    public void A_policy_that_packs_too_large_is_told_by_its_parts() => Assert.Equal(
        "the grant's session policy and tags are too large once AWS has packed them: a policy of 1930 characters, 2 policy ARNs and 1 tags",
        StsFailure.FromCode("PackedPolicyTooLarge", "words", Some.Request with { Policy = new string('x', 1930), PolicyArns = new(["a", "b"]), Tags = new([new("k", "v")]) }).Message);

    [Theory]
    [InlineData("InvalidIdentityToken", false, "AWS does not accept the web identity token of the broker's host")]
    [InlineData("IDPRejectedClaim", false, "the identity provider does not stand by the web identity token of the broker's host")]
    [InlineData("IDPCommunicationError", true, "AWS cannot reach the identity provider that vouches for the broker's host")]
    [InlineData("ExpiredTokenException", false, "the login or web identity token of the broker's host has expired")]
    [InlineData("UnauthorizedException", false, "the login or web identity token of the broker's host has expired")]
    [InlineData("AccessDenied", false, "AWS does not let the broker's host have the role that it takes for its own")]
    [InlineData("ForbiddenException", false, "AWS does not let the broker's host have the role that it takes for its own")]
    [InlineData("Throttling", true, "AWS is not giving the broker's host its identity now (Throttling)")]
    [InlineData("SomethingNew", false, "AWS gives the broker's host no identity to assume the role with (SomethingNew)")]
    public void The_hosts_own_identity_has_sentences_of_its_own(string code, bool isUnavailable, string message)
    {
        Failure failure = SourceFailure.FromCode(code, "words", Some.Request), ofProfile = SourceFailure.FromCode(code, "words", Some.Request with { AwsProfile = "work" });

        Assert.Equal((isUnavailable ? FailureKind.Unavailable : FailureKind.Refused, code, message, $"{code}: words"), (failure.Kind, failure.Code, failure.Message, failure.Detail));
        Assert.NotEmpty(failure.Hint!);
        Assert.Contains("the profile work of the broker's host", ofProfile.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_code_that_nobody_knows_is_told_by_its_name() =>
        Assert.Equal("AWS STS refuses to give credentials of arn:aws:iam::123456789012:role/reader (SomethingNew)", StsFailure.FromCode("SomethingNew", "words", Some.Request).Message);
}
