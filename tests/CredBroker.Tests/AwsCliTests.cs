using System;
using System.Threading.Tasks;

namespace CredBroker.Tests;

/// <summary>An SDK that has no helper: botocore, by the variables of container credentials.</summary>
public class AwsCliTests
{
    [StsSimulator.Tests.AwsCliFact]
    public async Task Gets_container_credentials()
    {
        await using BrokerUnderTest test = (await BrokerUnderTest.StartAsync()).WithGoodSts(TimeProvider.System);

        (int exitCode, string output, string error) = await ClientProgram.RunAsync(
            [StsSimulator.Tests.AwsCliFactAttribute.Path, "configure", "export-credentials", "--format", "process"],
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"{test.Url}v1/container-credentials/writer"), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", test.Token), ("PATH", "/usr/bin:/bin"),
            ("AWS_CONFIG_FILE", "/nonexistent"), ("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent"), ("AWS_EC2_METADATA_DISABLED", "true"), ("LC_ALL", "C.UTF-8"));

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("\"AccessKeyId\": \"ASIAEXAMPLE0001\"", output, StringComparison.Ordinal);
        Assert.Contains(Sentinel.Session, output, StringComparison.Ordinal);
        Assert.Equal(Some.Role + "-writer", (await test.Cache.Sts.NextAsync()).Request.RoleArn);
    }
}
