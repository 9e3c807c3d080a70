using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>https and unix sockets, by the published helpers.</summary>
public sealed class TransportTests : IDisposable
{
    private const string Printed = Sentinel.Document + "\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aws-cred-transport-");
    private readonly Certificates _certificates = new();

    private string CaFile => Path.Combine(_folder.FullName, "ca.pem");

    public TransportTests() => File.WriteAllText(CaFile, _certificates.AuthorityPem);

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("linux-x64", "localhost", SslProtocols.Tls12)]
    [InlineData("linux-x64", "localhost", SslProtocols.Tls13)]
    [InlineData("linux-x64", "localhost.", SslProtocols.Tls13)]
    [InlineData("linux-arm64", "localhost", SslProtocols.Tls13)]
    public async Task Https_by_name(string rid, string name, SslProtocols protocol)
    {
        using X509Certificate2 certificate = _certificates.For("localhost");
        await using TransportBroker broker = TransportBroker.Tls(certificate, protocol);

        ProcessResult result = await RunAsync(rid, $"https://{name}:{broker.Port}", ("AWS_CRED_CA_FILE", CaFile));

        Assert.Equal((0, Printed, ""), result.All);
        Assert.Equal(("GET /v1/credentials HTTP/1.1", "localhost"), (broker.RequestLine, broker.ServerName));
    }

    [Theory]
    [InlineData("AWS_CRED_CA_FILE")]
    [InlineData("SSL_CERT_FILE")]
    [InlineData("AWS_CA_BUNDLE")]
    public async Task Https_by_address_and_a_bundle_from_the_environment(string variable)
    {
        using X509Certificate2 certificate = _certificates.For(null, IPAddress.Loopback);
        await using TransportBroker broker = TransportBroker.Tls(certificate);

        Assert.Equal((0, Printed, ""), (await RunAsync("linux-x64", $"https://127.0.0.1:{broker.Port}", (variable, CaFile))).All);
    }

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "another host", "its certificate is for another host", "Use the name in the certificate in AWS_CRED_URL, or give the broker a certificate for this one." },
        { "expired", "its certificate has expired", "Renew the broker's certificate, and check the clock here." },
        { "not yet valid", "its certificate is not valid yet", "Check the clock here and where the certificate was made." },
        { "another CA", "its certificate is of a CA that is not known here", "Mount the broker's CA certificate, as PEM, and set AWS_CRED_CA_FILE to it." },
        { "another CA of the same name", "its certificate is of a CA that is not known here", "Mount the broker's CA certificate, as PEM, and set AWS_CRED_CA_FILE to it." },
        { "its name by wildcard in part", "its certificate is for another host", "Use the name in the certificate in AWS_CRED_URL, or give the broker a certificate for this one." },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Https_is_verified(string what, string why, string hint)
    {
        using Certificates others = new(what == "another CA" ? "Other CA" : "Test CA");
        using X509Certificate2 certificate = what switch
        {
            "another host" => _certificates.For("broker.example", IPAddress.Parse("127.0.0.2")),
            "expired" => _certificates.For("localhost", null, -10, -1),
            "not yet valid" => _certificates.For("localhost", null, 1, 10),
            "its name by wildcard in part" => _certificates.For("local*"),
            _ => others.For("localhost"),
        };
        await using TransportBroker broker = TransportBroker.Tls(certificate);

        ProcessResult result = await RunAsync("linux-x64", $"https://localhost:{broker.Port}", ("AWS_CRED_CA_FILE", CaFile));

        Assert.Equal((what, (1, "", $"aws-cred: error: TLS with the broker at localhost:{broker.Port} failed: {why}\naws-cred: hint: {hint}\n")), (what, result.All));
        Assert.Equal("", broker.RequestLine);
    }

    [Fact]
    public async Task Https_to_a_broker_that_wants_a_client_certificate()
    {
        // .NET's servers close without an alert; OpenSSL's sends one, after a handshake that the client takes for done.
        using X509Certificate2 certificate = _certificates.For(null, IPAddress.Loopback);
        string pem = Path.Combine(_folder.FullName, "broker.pem");
        await File.WriteAllTextAsync(pem, $"{certificate.ExportCertificatePem()}\n{certificate.GetECDsaPrivateKey()!.ExportECPrivateKeyPem()}\n");
        using ProcessRun server = ProcessRun.Start(["/usr/bin/openssl", "s_server", "-accept", "127.0.0.1:0", "-tls1_3", "-Verify", "1", "-cert", pem, "-key", pem], []);
        string line = "";
        while (!line.StartsWith("ACCEPT ", StringComparison.Ordinal)) line = await server.LineAsync();

        ProcessResult result = await RunAsync("linux-x64", $"https://{line["ACCEPT ".Length..]}", ("AWS_CRED_CA_FILE", CaFile));

        Assert.Equal(
            (1, "", "aws-cred: error: the broker ended the TLS connection: tlsv13 alert certificate required\naws-cred: hint: The broker's log says why. A client's certificate, where it asks for one, the helper does not have.\n"),
            result.All);
    }

    [Fact]
    public async Task Https_to_a_broker_that_speaks_plain_http()
    {
        await using ScriptedBroker broker = ScriptedBroker.Start(new BrokerPlay([.. "HTTP/1.1 400 Bad Request\r\n\r\n"u8], PlayEnd.Close) { IsAtOnce = true });

        ProcessResult result = await RunAsync("linux-x64", $"https://127.0.0.1:{broker.Port}", ("AWS_CRED_CA_FILE", CaFile));

        Assert.Equal(
            (1, "", $"aws-cred: error: TLS with the broker at 127.0.0.1:{broker.Port} failed: wrong version number\naws-cred: hint: Does the broker speak TLS 1.2 or 1.3 there? For one that speaks plain HTTP the URL begins with http://.\n"),
            result.All);
    }

    [Theory]
    [InlineData("is missing", null, 2, "the CA bundle in AWS_CRED_CA_FILE ({file}) cannot be read", "Mount the broker's CA certificate there, as PEM.")]
    [InlineData("holds no certificate", "no PEM", 2, "the CA bundle {file} holds no certificate in PEM form", "Set AWS_CRED_CA_FILE to the PEM file with the broker's CA certificate.")]
    public async Task Https_with_a_bundle_that(string what, string? content, int exitCode, string line, string hint)
    {
        using X509Certificate2 certificate = _certificates.For("localhost");
        await using TransportBroker broker = TransportBroker.Tls(certificate);
        string file = Path.Combine(_folder.FullName, "bundle");
        if (content is not null) await File.WriteAllTextAsync(file, content);

        ProcessResult result = await RunAsync("linux-x64", $"https://localhost:{broker.Port}", ("AWS_CRED_CA_FILE", file), ("SSL_CERT_FILE", CaFile));

        Assert.Equal((what, (exitCode, "", $"aws-cred: error: {line.Replace("{file}", file, StringComparison.Ordinal)}\naws-cred: hint: {hint}\n")), (what, result.All));
    }

    [Theory]
    [InlineData("an engine", "linux-x64", "engines = all\n[all]\nx = y\n[y]\ndynamic_path = /nosuch.so\ninit = 1\n")]
    [InlineData("an engine", "linux-arm64", "engines = all\n[all]\nx = y\n[y]\ndynamic_path = /nosuch.so\ninit = 1\n")]
    [InlineData("a provider in place of the default one", "linux-x64", "providers = all\n[all]\nbase = on\n[on]\nactivate = 1\n")]
    [InlineData("a provider that is not there", "linux-x64", "providers = all\n[all]\nx = y\n[y]\nmodule = /nosuch.so\nactivate = 1\n")]
    [InlineData("a FIFO that nobody writes to", "linux-x64", null)]
    public async Task An_image_s_openssl_cnf_is_never_read(string what, string rid, string? init)
    {
        string config = Path.Combine(_folder.FullName, "openssl.cnf");
        if (init is null) Assert.Equal((0, "", ""), (await ProcessRun.RunAsync(["/usr/bin/mkfifo", config], [])).All);
        else await File.WriteAllTextAsync(config, $"config_diagnostics = 1\nopenssl_conf = init\n[init]\n{init}");
        (string, string) hostile = ("OPENSSL_CONF", config);
        using X509Certificate2 certificate = _certificates.For("localhost");
        await using TransportBroker secure = TransportBroker.Tls(certificate), plain = TransportBroker.Tcp();
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Sentinel.Token)))[..8];

        foreach (string url in (string[])[$"https://localhost:{secure.Port}", $"http://127.0.0.1:{plain.Port}"])
        {
            ProcessResult run = await RunAsync(rid, url, ("AWS_CRED_CA_FILE", CaFile), hostile);
            ProcessResult check = await RunAsync([.. ShippedFiles.HelperCommand(rid), "--check"], url, ("AWS_CRED_CA_FILE", CaFile), hostile);

            Assert.Equal((what, url, (0, Printed, "")), (what, url, run.All));
            Assert.Equal((what, url, 0, ""), (what, url, check.ExitCode, check.Error));
            Assert.Contains($"SHA-256 begins {digest} (", check.Output, StringComparison.Ordinal);
        }

        ProcessResult version = await RunAsync([.. ShippedFiles.HelperCommand(rid), "--version"], "", hostile);
        Assert.Equal((what, 0, ""), (what, version.ExitCode, version.Error));
    }

    [Theory]
    [InlineData("linux-x64", "", "/v1/credentials")]
    [InlineData("linux-x64", ":/v1/credentials/aws", "/v1/credentials/aws")]
    [InlineData("linux-arm64", "", "/v1/credentials")]
    public async Task Unix_socket(string rid, string path, string target)
    {
        string socket = Path.Combine(_folder.FullName, "broker.sock");
        await using TransportBroker broker = TransportBroker.Unix(socket);

        ProcessResult result = await RunAsync(rid, $"unix://{socket}{path}");

        Assert.Equal((0, Printed, ""), result.All);
        Assert.Equal($"GET {target} HTTP/1.1", broker.RequestLine);
    }

    [Fact]
    public async Task Unix_socket_that_is_not_there()
    {
        ProcessResult result = await RunAsync("linux-x64", $"unix://{_folder.FullName}/broker.sock");

        Assert.Equal(
            (1, "", $"aws-cred: error: cannot connect to the broker's socket {_folder.FullName}/broker.sock: there is no such socket\naws-cred: hint: Is the broker running, and is its socket mounted here, for this user?\n"),
            result.All);
    }

    private static Task<ProcessResult> RunAsync(string rid, string url, params (string Name, string Value)[] more) => RunAsync(ShippedFiles.HelperCommand(rid), url, more);

    private static Task<ProcessResult> RunAsync(IReadOnlyList<string> command, string url, params (string Name, string Value)[] more)
    {
        Dictionary<string, string> environment = new() { ["AWS_CRED_URL"] = url, ["AWS_CRED_TOKEN"] = Sentinel.Token };
        foreach ((string name, string value) in more) environment[name] = value;
        return ProcessRun.RunAsync(command, environment);
    }
}
