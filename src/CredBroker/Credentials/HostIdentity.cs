using System;
using System.Threading;
using System.Threading.Tasks;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken;

namespace CredBroker.Credentials;

/// <summary>The identity by which the host calls AWS, found anew each time: a login, a rotated key or a new token file is picked up.</summary>
internal static class HostIdentity
{
    public static AmazonSecurityTokenServiceConfig Configuration(RoleRequest request, StsLimits limits)
    {
        AmazonSecurityTokenServiceConfig configuration = new()
        {
            RegionEndpoint = RegionEndpoint.GetBySystemName(request.Region),
            // With AWS_ENDPOINT_URL_STS, a VPC endpoint for example, the SDK would sign for the region that it guesses from the URL.
            AuthenticationRegion = request.Region,
            Timeout = limits.Attempt,
            ConnectTimeout = limits.Attempt,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 2,
        };
        if (request.AwsProfile is not null) configuration.Profile = new Profile(request.AwsProfile);
        return configuration;
    }

    /// <summary>Exactly one of the two is null.</summary>
    /// <param name="limit">Ends with the flight.</param>
    public static async Task<(AWSCredentials? Source, Failure? Failure)> FindAsync(RoleRequest request, AmazonSecurityTokenServiceConfig configuration, CancellationToken limit)
    {
        if (WhyNotEndpoint(configuration) is string why) return (null, StsFailure.BadEndpoint(why));
        try
        {
            using DefaultAWSCredentialsIdentityResolver resolver = new();
            AWSCredentials source = await resolver.ResolveIdentityAsync(configuration, limit).WaitAsync(limit);
            // Found is not yet good: a profile may log in by SSO, call a process or assume a role of its own.
            await source.GetCredentialsAsync().WaitAsync(limit);
            return (source, null);
        }
        catch (OperationCanceledException e)
        {
            return (null, StsFailure.SlowSourceIdentity(e));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever a source of credentials throws (there are a dozen, with exceptions of their own), there is no identity.
            for (Exception? inner = e; inner is not null; inner = inner.InnerException)
            {
                // A web identity or a profile with a role of its own asks AWS, too, and AWS says why not.
                if (inner is AmazonServiceException { ErrorCode.Length: > 0 } answer) return (null, SourceFailure.FromCode(answer.ErrorCode, answer.Message, request));
            }

            return (null, StsFailure.NoSourceIdentity(request, e));
        }
    }

    /// <summary>What is wrong with the endpoint that the environment or the profile names. The SDK would say it by exceptions of many kinds, and of no name.</summary>
    private static string? WhyNotEndpoint(AmazonSecurityTokenServiceConfig configuration)
    {
        try
        {
            string? url = configuration.ServiceURL;
            return url is null || HttpUrl.IsOne(url) ? null : $"'{url}' is no http or https URL";
        }
        catch (AmazonClientException e)
        {
            return e.Message;
        }
    }
}
