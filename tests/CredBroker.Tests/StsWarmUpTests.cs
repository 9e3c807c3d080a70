using System.Threading;
using System.Threading.Tasks;
using CredBroker.Credentials;

namespace CredBroker.Tests;

/// <summary>The call that goes nowhere goes all the way: else it would warm up half of it, and nobody would know.</summary>
[Collection(HostEnvironmentTests.Name)]
public sealed class StsWarmUpTests
{
    [Fact]
    public async Task It_signs_sends_and_reads_an_answer_without_a_host_or_an_identity()
    {
        using HostEnvironment environment = new();
        environment["AWS_ENDPOINT_URL_STS"] = "http://127.0.0.1:1";

        AssumeRoleResult result = await StsWarmUp.RunAsync(CancellationToken.None).WaitAsync(Patience.Test);

        Assert.Equal(("warm-up", default), (result.Credentials?.AccessKeyId, result.Failure));
    }
}
