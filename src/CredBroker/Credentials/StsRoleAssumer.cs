using System;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using System.Xml;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace CredBroker.Credentials;

/// <summary>AssumeRole with the host's own identity, found anew for every call: a login, a rotated key or a new token file is picked up.</summary>
internal static class StsRoleAssumer
{
    /// <summary>The whole flight, with the SDK's retries and what it takes to find the host's identity.</summary>
    private static readonly TimeSpan FlightLimit = TimeSpan.FromSeconds(20);

    /// <summary>One attempt; a connection that died is not waited for longer.</summary>
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(5);

    public static async Task<AssumeRoleResult> AssumeAsync(RoleRequest request, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(FlightLimit);
        AmazonSecurityTokenServiceConfig configuration = new()
        {
            RegionEndpoint = RegionEndpoint.GetBySystemName(request.Region),
            // With AWS_ENDPOINT_URL_STS, a VPC endpoint for example, the SDK would sign for the region that it guesses from the URL.
            AuthenticationRegion = request.Region,
            Timeout = AttemptLimit,
            ConnectTimeout = AttemptLimit,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 2,
        };
        if (request.AwsProfile is not null) configuration.Profile = new Profile(request.AwsProfile);

        AWSCredentials source;
        try
        {
            using DefaultAWSCredentialsIdentityResolver resolver = new();
            source = await resolver.ResolveIdentityAsync(configuration, limit.Token).WaitAsync(limit.Token);
            // Found is not yet good: a profile may log in by SSO, call a process or assume a role of its own.
            await source.GetCredentialsAsync().WaitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            return new AssumeRoleResult(StsFailure.SlowSourceIdentity(e));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever a source of credentials throws (there are a dozen, with exceptions of their own), there is no identity.
            return new AssumeRoleResult(StsFailure.NoSourceIdentity(request, e));
        }

        try
        {
            using AmazonSecurityTokenServiceClient client = new(source, configuration);
            AssumeRoleResponse response = await client.AssumeRoleAsync(
                new AssumeRoleRequest
                {
                    RoleArn = request.RoleArn,
                    RoleSessionName = request.SessionName,
                    DurationSeconds = request.DurationSeconds,
                    ExternalId = request.ExternalId,
                },
                limit.Token);
            return Validate(response, request);
        }
        catch (AmazonServiceException e) when (!string.IsNullOrEmpty(e.ErrorCode))
        {
            return new AssumeRoleResult(StsFailure.FromCode(e.ErrorCode, e.Message, request));
        }
        catch (XmlException e)
        {
            // An answer that is not of STS: a proxy's, or cut off.
            return new AssumeRoleResult(StsFailure.Incomplete($"{e.GetType().Name}: {e.Message}"));
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException or IOException or OperationCanceledException or TimeoutException)
        {
            return new AssumeRoleResult(StsFailure.Unreachable(request, e));
        }
    }

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
