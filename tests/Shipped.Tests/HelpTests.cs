using System.Threading.Tasks;

namespace Shipped.Tests;

public class HelpTests
{
    [Fact]
    public async Task Helper_explains_itself()
    {
        ProcessResult x64 = await ProcessRun.RunAsync([.. ShippedFiles.HelperCommand("linux-x64"), "--help"], []);
        ProcessResult arm64 = await ProcessRun.RunAsync([.. ShippedFiles.HelperCommand("linux-arm64"), "--help"], []);

        Assert.Equal(x64.All, arm64.All);
        Assert.Equal((0, ""), (x64.ExitCode, x64.Error));
        Snapshot.Match(x64.Output);
    }
}
