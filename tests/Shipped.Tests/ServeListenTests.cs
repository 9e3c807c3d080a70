using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>One broker, three ways to it, as published: the helper asks by each.</summary>
public class ServeListenTests
{
    [Fact]
    public async Task Serve_listens_on_http_a_unix_socket_and_https_at_once()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        (string authority, string certificate, string key) = Pair(host.Folder);
        string tokenFile = Path.Combine(host.Folder, "token"), socket = Path.Combine(host.Folder, "broker.sock");
        using ProcessRun serve = ProcessRun.Start(
            [ShippedFiles.Broker, "serve", "--grant", "aws", "--token-file", tokenFile, "--listen", "http://127.0.0.1:0", "--listen", "unix:" + socket, "--listen", "https://127.0.0.1:0", "--tls-cert", certificate, "--tls-key", key],
            host.Environment);
        List<string> urls = [await UrlAsync(), await UrlAsync(), await UrlAsync()];
        Assert.Equal($"AWS_CRED_TOKEN_FILE={tokenFile}", await serve.LineAsync());
        Assert.StartsWith("http://127.0.0.1:", urls[0], StringComparison.Ordinal);
        Assert.Equal($"unix://{socket}", urls[1]);
        Assert.StartsWith("https://127.0.0.1:", urls[2], StringComparison.Ordinal);

        foreach (string url in urls)
        {
            ProcessResult helper = await ProcessRun.RunAsync(ShippedFiles.HelperCommand("linux-x64"), [new("AWS_CRED_URL", url), new("AWS_CRED_TOKEN_FILE", tokenFile), new("AWS_CRED_CA_FILE", authority)]);
            Assert.Equal((url, 0, ""), (url, helper.ExitCode, helper.Error));
        }

        await serve.SendAsync("TERM");
        Assert.Equal(0, (await serve.EndAsync()).ExitCode);
        Assert.False(File.Exists(socket));

        async Task<string> UrlAsync() => (await serve.LineAsync())["AWS_CRED_URL=".Length..];
    }

    private static (string Authority, string Certificate, string Key) Pair(string folder)
    {
        using Certificates certificates = new();
        using X509Certificate2 leaf = certificates.For(null, IPAddress.Loopback);
        using ECDsa privateKey = leaf.GetECDsaPrivateKey()!;
        (string authority, string certificate, string key) = (Path.Combine(folder, "ca.pem"), Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"));
        File.WriteAllText(authority, certificates.AuthorityPem);
        File.WriteAllText(certificate, leaf.ExportCertificatePem());
        using (StreamWriter writer = new(key, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite })) writer.Write(privateKey.ExportPkcs8PrivateKeyPem());
        return (authority, certificate, key);
    }
}
