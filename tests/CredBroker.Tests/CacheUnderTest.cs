using System;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Credentials;
using StsSimulator.Tests;

namespace CredBroker.Tests;

/// <summary>A cache with a clock that stands still and an STS that does as it is told.</summary>
internal sealed class CacheUnderTest : IAsyncDisposable
{
    public CacheUnderTest() => Cache = new RoleCredentialCache(Sts.AssumeAsync, Clock, Log.Broker);

    public FakeClock Clock { get; } = new();

    public ScriptedSts Sts { get; } = new();

    public CollectedLog Log { get; } = new();

    public RoleCredentialCache Cache { get; }

    public Task<AssumeRoleResult> AskAsync(RoleRequest? request = null, CancellationToken cancellation = default) =>
        Cache.GetAsync(request ?? Some.Request, TimeSpan.FromMilliseconds(1500), cancellation).AsTask().WaitAsync(Patience.Test, CancellationToken.None);

    /// <summary>Credentials with this much left.</summary>
    public AssumeRoleResult Good(TimeSpan left, int number = 1) => new(Some.Credentials(Clock.GetUtcNow() + left, number));

    public static AssumeRoleResult Bad(string code = "AccessDenied") => new(Some.Refusal with { Code = code });

    /// <summary>Asks, ends the call that comes of it, and gives what the asker got.</summary>
    public async Task<AssumeRoleResult> AskAndEndAsync(AssumeRoleResult result)
    {
        Task<AssumeRoleResult> asked = AskAsync();
        (await Sts.NextAsync()).End(result);
        return await asked;
    }

    /// <summary>All calls that there were, those in the air included.</summary>
    public async Task<int> CallsInAllAsync()
    {
        await DisposeAsync();
        return Sts.Calls;
    }

    public async ValueTask DisposeAsync() => await Cache.DisposeAsync().AsTask().WaitAsync(Patience.Test);
}
