using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using System.Xml;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace CredBroker.Credentials;

/// <summary>AssumeRole with the host's own identity, found anew for every call.</summary>
internal static class StsRoleAssumer
{
    public static Task<AssumeRoleResult> AssumeAsync(RoleRequest request, CancellationToken cancellation) => AssumeAsync(request, StsLimits.Usual, cancellation);

    public static async Task<AssumeRoleResult> AssumeAsync(RoleRequest request, StsLimits limits, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(limits.Flight);
        AmazonSecurityTokenServiceConfig configuration = HostIdentity.Configuration(request, limits);
        (AWSCredentials? source, Failure? failure) = await HostIdentity.FindAsync(request, configuration, limit.Token);
        return source is null ? new AssumeRoleResult(failure!) : await AssumeAsync(request, configuration, source, null, limit.Token);
    }

    /// <param name="mfaCode">A code of the request's MFA device, for a source that has no MFA session; null: none is sent.</param>
    /// <param name="limit">Ends with the flight.</param>
    public static async Task<AssumeRoleResult> AssumeAsync(RoleRequest request, AmazonSecurityTokenServiceConfig configuration, AWSCredentials source, string? mfaCode, CancellationToken limit)
    {
        using AmazonSecurityTokenServiceClient client = new(source, configuration);
        try
        {
            return Validate(await client.AssumeRoleAsync(Parameters(request, mfaCode), limit), request);
        }
        catch (AmazonServiceException e) when (!string.IsNullOrEmpty(e.ErrorCode))
        {
            // Two refusals have this code, and AWS tells them apart in words only: a fact does it better. It costs a call, so only then.
            bool isAboutDuration = e.ErrorCode == "ValidationError" && request.DurationSeconds > StsFailure.ChainedSeconds;
            return new AssumeRoleResult(StsFailure.FromCode(e.ErrorCode, e.Message, request, isAboutDuration ? await KindAsync(client, limit) : SourceKind.Unknown));
        }
        catch (Exception e) when (Unanswered(e, request) is { } failure)
        {
            return new AssumeRoleResult(failure);
        }
    }

    /// <summary>What it means that STS gave no answer of its own; null for what is not expected.</summary>
    public static Failure? Unanswered(Exception e, RoleRequest request) => e switch
    {
        // An answer that is not of STS: a proxy's, or cut off.
        XmlException => StsFailure.Incomplete($"{e.GetType().Name}: {e.Message}"),
        AmazonClientException or AmazonServiceException or HttpRequestException or IOException or OperationCanceledException or TimeoutException => StsFailure.Unreachable(request, e),
        _ => null,
    };

    /// <summary>Whether the host's AWS files name a profile.</summary>
    public static bool HasProfile(string name) => new CredentialProfileStoreChain().TryGetProfile(name, out _);

    /// <summary>The region that the host's own configuration names; null: none.</summary>
    public static string? HostRegion(string? profile)
    {
        if ((Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION")) is string region) return region;
        profile ??= Variable("AWS_PROFILE") ?? "default";
        return new CredentialProfileStoreChain().TryGetProfile(profile, out CredentialProfile found) ? found.Region?.SystemName : null;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static AssumeRoleRequest Parameters(RoleRequest request, string? mfaCode) => new()
    {
        RoleArn = request.RoleArn,
        RoleSessionName = request.SessionName,
        DurationSeconds = request.DurationSeconds,
        ExternalId = request.ExternalId,
        Policy = request.Policy,
        PolicyArns = request.PolicyArns?.Select(arn => new PolicyDescriptorType { Arn = arn }).ToList(),
        Tags = request.Tags?.Select(tag => new Tag { Key = tag.Key, Value = tag.Value }).ToList(),
        TransitiveTagKeys = request.TransitiveTagKeys?.ToList(),
        SourceIdentity = request.SourceIdentity,
        SerialNumber = mfaCode is null ? null : request.MfaSerial,
        TokenCode = mfaCode,
    };

    private static async Task<SourceKind> KindAsync(AmazonSecurityTokenServiceClient client, CancellationToken limit)
    {
        try
        {
            GetCallerIdentityResponse caller = await client.GetCallerIdentityAsync(new GetCallerIdentityRequest(), limit);
            return caller.Arn?.Contains(":assumed-role/", StringComparison.Ordinal) == true ? SourceKind.AssumedRole : SourceKind.Other;
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException or IOException or OperationCanceledException or TimeoutException or XmlException)
        {
            return SourceKind.Unknown; // The refusal is told all the same.
        }
    }

    private static AssumeRoleResult Validate(AssumeRoleResponse response, RoleRequest request)
    {
        Amazon.SecurityToken.Model.Credentials? issued = response.Credentials;
        if (issued is not { AccessKeyId.Length: > 0, SecretAccessKey.Length: > 0, SessionToken.Length: > 0, Expiration: not null })
        {
            return new AssumeRoleResult(StsFailure.Incomplete("the access key, the secret key, the session token or the expiry is missing"));
        }

        DateTimeOffset expiration = new(issued.Expiration.Value.ToUniversalTime(), TimeSpan.Zero);
        string accountId = request.RoleArn.Split(':')[4];
        return new AssumeRoleResult(new AwsCredentials(issued.AccessKeyId, issued.SecretAccessKey, issued.SessionToken, expiration, accountId, response.AssumedRoleUser?.Arn ?? request.RoleArn));
    }
}
