using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>A broker that restarts under the helper. (Other retries are cases.)</summary>
public class RetryTests
{
    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    public async Task Finds_a_broker_that_comes_up_after_it_was_refused(string rid)
    {
        await using ScriptedBroker broker = ScriptedBroker.StartDown(BrokerPlay.Ok(Sentinel.Document));
        using ProcessRun run = ProcessRun.Start(ShippedFiles.HelperCommand(rid), [new("AWS_CRED_URL", broker.Url), new("AWS_CRED_TOKEN", Sentinel.Token)]);
        await run.WaitsAsync(); // a refusal comes at once: what it waits for is the time to try again
        broker.Listen();

        ProcessResult result = await run.EndAsync();

        Assert.Equal((0, Sentinel.Document + "\n", ""), result.All);
        Assert.Single(broker.Requests);
    }
}
