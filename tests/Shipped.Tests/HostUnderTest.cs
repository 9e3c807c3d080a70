using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using StsSimulator;

namespace Shipped.Tests;

/// <summary>A host of its own: an account in a simulated STS, an identity in the environment, and a folder for cred-broker's state.</summary>
internal sealed class HostUnderTest : IAsyncDisposable
{
    public const string Role = "arn:aws:iam::123456789012:role/reader";
    /// <summary>Trusts sessions of <see cref="Role"/> alone.</summary>
    public const string NextRole = "arn:aws:iam::123456789012:role/next";

    /// <summary>The identity provider's, for <see cref="Role"/>.</summary>
    public const string WebIdentityToken = "token-of-the-provider";

    /// <summary>Asks for a code of the host's MFA device, which shows 111111, once.</summary>
    public const string MfaRole = "arn:aws:iam::123456789012:role/mfa";

    public const string MfaSerial = "arn:aws:iam::123456789012:mfa/host";
    public const string SecretKey = "HOSTSENTINEL/wJalrXUtnFEMIK7MDENGbPxRfiCY";
    public const string AccessKeyId = "AKIAHOSTSENTINEL7EXA";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cred-broker-test-");

    private HostUnderTest(SimulatedSts sts) => Sts = sts;

    public SimulatedSts Sts { get; }
    public string Runs => Path.Combine(_folder.FullName, "home", "runs");
    public string Folder => _folder.FullName;
    public string AuditFile => Path.Combine(_folder.FullName, "home", "audit.jsonl");

    /// <summary>The folders of runs that are there now.</summary>
    public string[] RunFolders => Directory.Exists(Runs) ? Directory.GetDirectories(Runs) : [];

    /// <summary>The host's whole environment.</summary>
    public Dictionary<string, string> Environment => new()
    {
        ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
        ["HOME"] = _folder.FullName,
        ["CRED_BROKER_HOME"] = Path.Combine(_folder.FullName, "home"),
        ["AWS_ACCESS_KEY_ID"] = AccessKeyId,
        ["AWS_SECRET_ACCESS_KEY"] = SecretKey,
        ["AWS_ENDPOINT_URL_STS"] = Sts.Url.ToString(),
        ["AWS_EC2_METADATA_DISABLED"] = "true",
    };

    public static async Task<HostUnderTest> StartAsync()
    {
        SimulatedUser user = new() { AccountId = "123456789012", Name = "host", AccessKeyId = AccessKeyId, SecretAccessKey = SecretKey, MfaSerial = MfaSerial, MfaCodes = ["111111"] };
        SimulatedRole role = new() { Arn = Role, TrustedPrincipals = [user.Arn] };
        return new HostUnderTest(await SimulatedSts.StartAsync(new StsConfiguration
        {
            Users = [user],
            Roles = [role, role with { Arn = MfaRole, RequiresMfa = true }, role with { Arn = NextRole, TrustedPrincipals = [Role] }],
            WebIdentityTokens = new Dictionary<string, string> { [WebIdentityToken] = Role },
        }));
    }

    public static async Task<HostUnderTest> WithGrantAsync()
    {
        HostUnderTest host = await StartAsync();
        ProcessResult granted = await host.BrokerAsync("grant", "aws", "--role", Role);
        Assert.Equal((0, ""), (granted.ExitCode, granted.Error));
        return host;
    }

    public Task<ProcessResult> BrokerAsync(params string[] arguments) => ProcessRun.RunAsync([ShippedFiles.Broker, .. arguments], Environment);

    /// <summary><c>cred-broker run --grant aws -- COMMAND</c></summary>
    public Task<ProcessResult> RunAsync(params string[] command) => BrokerAsync(["run", "--grant", "aws", "--", .. command]);

    public ProcessRun StartRun(params string[] command) => ProcessRun.Start([ShippedFiles.Broker, "run", "--grant", "aws", "--", .. command], Environment);

    /// <summary>The processes that this host's runs have started and that live now, by the folder in their environment.</summary>
    public IReadOnlyList<string> Processes() => [.. Directory.GetDirectories("/proc").Where(IsOurs)];

    public async ValueTask DisposeAsync()
    {
        await Sts.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private bool IsOurs(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ")).Contains($"AWS_CONFIG_FILE={Runs}/", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // gone, or the kernel's
        }
    }
}
