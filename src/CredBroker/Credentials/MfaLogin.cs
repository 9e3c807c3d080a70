using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace CredBroker.Credentials;

/// <summary>Asks a person, and gives what was typed; null: there is nobody to ask.</summary>
internal delegate Task<string?> AskPerson(string question, CancellationToken cancellation);

/// <summary>Makes ready what a request needs before its first call; null: it is. Does nothing for a request without an MFA device.</summary>
internal delegate Task<Failure?> LogIn(RoleRequest request, CancellationToken cancellation);

/// <summary>What keeps a request from being answered that asks for MFA; null: nothing.</summary>
internal delegate Failure? WhyNotLoggedIn(RoleRequest request);

/// <summary>
/// Roles that ask for MFA. A code is good once, and credentials are renewed every hour: so the code buys a session of the user (GetSessionToken), and roles are assumed
/// with that from then on. An identity that is temporary itself can have no such session: its code goes into AssumeRole, and what comes of it is not renewed.
/// All of it lives in memory alone.
/// </summary>
internal sealed class MfaLogin(AskPerson ask, TimeProvider clock, StsLimits limits)
{
    /// <summary>The most that GetSessionToken gives a user: a run of a day asks once.</summary>
    private const int SessionSeconds = 36 * 3600;

    /// <summary>Once, and twice again.</summary>
    private const int Attempts = 3;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Serial, string? Profile, string Partition), (SessionAWSCredentials Source, DateTimeOffset Ends)> _sessions = [];
    private readonly Dictionary<RoleRequest, AwsCredentials> _unrenewed = [];

    /// <summary>An <see cref="AssumeRole"/>.</summary>
    public async Task<AssumeRoleResult> AssumeAsync(RoleRequest request, CancellationToken cancellation)
    {
        if (request.MfaSerial is null) return await StsRoleAssumer.AssumeAsync(request, limits, cancellation);
        SessionAWSCredentials? source;
        lock (_lock)
        {
            if (IsAlive(request, out source) && source is null) return new AssumeRoleResult(_unrenewed[request]);
        }

        if (source is null) return new AssumeRoleResult(MfaFailure.Ended(request));
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(limits.Flight);
        return await StsRoleAssumer.AssumeAsync(request, HostIdentity.Configuration(request, limits), source, null, limit.Token);
    }

    /// <summary>A <see cref="WhyNotLoggedIn"/>.</summary>
    public Failure? WhyNot(RoleRequest request)
    {
        if (request.MfaSerial is null) return null;
        lock (_lock) return IsAlive(request, out _) ? null : MfaFailure.Ended(request);
    }

    /// <summary>A <see cref="CredBroker.Credentials.LogIn"/>.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while somebody was asked.</exception>
    public async Task<Failure?> BeginAsync(RoleRequest request, CancellationToken cancellation)
    {
        if (request.MfaSerial is not string serial) return null;
        lock (_lock)
        {
            if (IsAlive(request, out _)) return null;
        }

        (AWSCredentials? source, Failure? failure) = await WithinAsync(limit => HostIdentity.FindAsync(request, HostIdentity.Configuration(request, limits), limit), cancellation);
        if (source is null) return failure;
        bool isTemporary = (await source.GetCredentialsAsync()).UseToken;
        string question = $"Code of the MFA device {serial}{(isTemporary ? " (the host's identity is temporary, so these credentials cannot be renewed)" : "")}: ";
        for (int attempt = 1; ; attempt++)
        {
            string? code = await ask(question, cancellation);
            if (code is null) return MfaFailure.NoTerminal(serial);
            code = code.Trim();
            failure = code.Length != 6 || !code.All(char.IsAsciiDigit) ? MfaFailure.NotACode(serial)
                : await WithinAsync(limit => isTemporary ? AssumeAtOnceAsync(request, source, code, limit) : BuySessionAsync(request, source, code, limit), cancellation);
            if (failure is not { Code: "MfaRefused" } || attempt == Attempts) return failure;
            question = $"{failure.Message}. Another code: ";
        }
    }

    private async Task<Failure?> BuySessionAsync(RoleRequest request, AWSCredentials source, string code, CancellationToken limit)
    {
        try
        {
            using AmazonSecurityTokenServiceClient client = new(source, HostIdentity.Configuration(request, limits));
            GetSessionTokenResponse response = await client.GetSessionTokenAsync(
                new GetSessionTokenRequest { DurationSeconds = SessionSeconds, SerialNumber = request.MfaSerial, TokenCode = code }, limit);
            if (response.Credentials is not { AccessKeyId.Length: > 0, SecretAccessKey.Length: > 0, SessionToken.Length: > 0, Expiration: not null } issued)
            {
                return StsFailure.Incomplete("the access key, the secret key, the session token or the expiry is missing");
            }

            lock (_lock) _sessions[Key(request)] = (new SessionAWSCredentials(issued.AccessKeyId, issued.SecretAccessKey, issued.SessionToken), new DateTimeOffset(issued.Expiration.Value.ToUniversalTime(), TimeSpan.Zero));
            return null;
        }
        catch (AmazonServiceException e) when (e.ErrorCode is "AccessDenied" or "AccessDeniedException")
        {
            return MfaFailure.WrongCode(request.MfaSerial!, isTemporary: false, $"{e.ErrorCode}: {e.Message}");
        }
        catch (AmazonServiceException e) when (!string.IsNullOrEmpty(e.ErrorCode))
        {
            return StsFailure.FromCode(e.ErrorCode, e.Message, request);
        }
        catch (Exception e) when (StsRoleAssumer.Unanswered(e, request) is { } failure)
        {
            return failure;
        }
    }

    private async Task<Failure?> AssumeAtOnceAsync(RoleRequest request, AWSCredentials source, string code, CancellationToken limit)
    {
        AssumeRoleResult result = await StsRoleAssumer.AssumeAsync(request, HostIdentity.Configuration(request, limits), source, code, limit);
        if (result.Failure is { Code: "AccessDenied" or "AccessDeniedException" } refused) return MfaFailure.WrongCode(request.MfaSerial!, isTemporary: true, refused.Detail!);
        if (result.Failure is { } failure) return failure;
        lock (_lock) _unrenewed[request] = result.Credentials!;
        return null;
    }

    /// <param name="source">What assumes the role; null where its credentials are at hand already, or nothing is alive.</param>
    private bool IsAlive(RoleRequest request, out SessionAWSCredentials? source)
    {
        DateTimeOffset least = clock.GetUtcNow() + RenewalRule.LeastServed;
        source = _sessions.TryGetValue(Key(request), out var session) && session.Ends > least ? session.Source : null;
        return source is not null || (_unrenewed.TryGetValue(request, out AwsCredentials? credentials) && credentials.Expiration > least);
    }

    private async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(limits.Flight);
        return await call(limit.Token);
    }

    private static (string, string?, string) Key(RoleRequest request) => (request.MfaSerial!, request.AwsProfile, request.RoleArn.Split(':')[1]);
}
