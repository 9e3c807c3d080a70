using System.IO;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary><c>aws-cred --version</c>: all that is in the file, for whoever reads advisories. The expected versions are those of the headers and the package that it was built with.</summary>
public class VersionTests
{
    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    public async Task Says_what_the_helper_is_made_of(string rid)
    {
        ProcessResult result = await ProcessRun.RunAsync([.. ShippedFiles.HelperCommand(rid), "--version"], []);

        string ilc = Find(Path.Combine(ShippedFiles.Root, "Directory.Packages.props"), "\"runtime.linux-x64.Microsoft.DotNet.ILCompiler\" Version=\"([^\"]+)\"");
        string libc = Find("/usr/include/features.h", @"define\s+__GLIBC__\s+(\d+)") + "." + Find("/usr/include/features.h", @"define\s+__GLIBC_MINOR__\s+(\d+)");
        string openssl = Find("/usr/include/openssl/opensslv.h", "define OPENSSL_VERSION_STR \"([^\"]+)\"");
        Assert.Equal((0, $"aws-cred {ShippedFiles.Version} {rid}\nilc {ilc}\nlibc {libc}\nopenssl {openssl}\n", ""), result.All);
    }

    private static string Find(string file, string pattern) => Regex.Match(File.ReadAllText(file), pattern).Groups[1].Value;
}
