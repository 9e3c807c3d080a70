using System;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading.Tasks;
using CredBroker.Broker;
using Shipped.Tests;

namespace CredBroker.Tests;

/// <summary>https, to the published helper, to curl, and to whoever looks at the handshake.</summary>
public sealed class TlsListenerTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData("by a name of the certificate", "localhost")]
    [InlineData("by an address of the certificate", "127.0.0.1")]
    public async Task The_helper_gets_credentials_with_the_root_alone(string why, string host)
    {
        await using BrokerUnderTest test = await StartAsync();

        (int exitCode, string output, string error) = await HelperAsync(test, host, _certificates.Authority);

        Assert.Equal((why, 0, ""), (why, exitCode, error));
        Assert.Contains("\"AccessKeyId\":\"ASIAEXAMPLE0001\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Curl_gets_credentials()
    {
        await using BrokerUnderTest test = await StartAsync();

        (int exitCode, string output, string error) = await ClientProgram.RunAsync(["/usr/bin/curl", "-sS", "--cacert", _certificates.Authority, "-H", $"Authorization: Bearer {test.Token}", $"https://localhost:{test.Url.Port}/v1/credentials"]);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("\"AccessKeyId\":\"ASIAEXAMPLE0001\"", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a name of the certificate", "localhost:{0}", 200)]
    [InlineData("a name that its wildcard covers", "a.brokers.example", 200)]
    [InlineData("two labels, which it does not", "a.b.brokers.example", 403)]
    [InlineData("the wildcard's own", "brokers.example", 403)]
    [InlineData("another's", "attacker.example", 403)]
    public async Task It_is_known_by_the_certificates_names(string why, string host, int status)
    {
        await using BrokerUnderTest test = await StartAsync();

        (_, string output, _) = await ClientProgram.RunAsync(
            ["/usr/bin/curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", _certificates.Authority, "-H", $"Host: {string.Format(null, host, test.Url.Port)}", "-H", $"Authorization: Bearer {test.Token}", $"https://localhost:{test.Url.Port}/v1/credentials"]);

        Assert.Equal((why, $"{status}"), (why, output));
    }

    [Theory]
    [InlineData("1.0", 35)]
    [InlineData("1.1", 35)]
    [InlineData("1.2", 0)]
    [InlineData("1.3", 0)]
    public async Task TLS_of_version(string version, int exitCode)
    {
        await using BrokerUnderTest test = await StartAsync();

        // The lowest security level: it is not curl that refuses the old ones.
        (int end, _, string error) = await ClientProgram.RunAsync(
            ["/usr/bin/curl", "-sS", "--cacert", _certificates.Authority, $"--tlsv{version}", "--tls-max", version, "--ciphers", "DEFAULT@SECLEVEL=0", $"https://localhost:{test.Url.Port}/healthz"]);

        Assert.Equal((version, exitCode), (version, end));
        if (exitCode != 0) Assert.Contains("alert protocol version", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_http_gets_nothing_there()
    {
        await using BrokerUnderTest test = await StartAsync();

        Assert.DoesNotContain("ASIA", await Wire.SendRawAsync(test.Url, $"GET /v1/credentials HTTP/1.1\r\nHost: localhost:{test.Url.Port}\r\nAuthorization: Bearer {test.Token}\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renewed_certificate_serves_the_next_handshake()
    {
        ManualClock clock = new();
        await using BrokerUnderTest test = await StartAsync(clock: clock);
        string before = await ServedAsync(test);
        _certificates.Write();
        Assert.Equal(before, await ServedAsync(test)); // looked at a moment ago
        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.NotEqual(before, await ServedAsync(test));
    }

    [Theory]
    [InlineData("a key of another certificate", "cannot be served")]
    [InlineData("an expired one", "expired at")]
    [InlineData("one that is away", "Could not find")]
    [InlineData("half a file", "holds no certificate")]
    [InlineData("a key that others can read", "is open to other users")]
    public async Task A_renewal_that_went_wrong_takes_nothing_away(string why, string because)
    {
        ManualClock clock = new();
        await using BrokerUnderTest test = await StartAsync(clock: clock);
        string before = await ServedAsync(test);

        Spoil(why);
        for (int i = 0; i < 3; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(before, await ServedAsync(test));
        }

        string warning = Assert.Single(test.Cache.Log.Lines, line => line.StartsWith("Warning: keeps the certificate", StringComparison.Ordinal));
        Assert.Contains(because, warning, StringComparison.Ordinal);
        _certificates.Write();
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.NotEqual(before, await ServedAsync(test));
    }

    [Theory]
    [InlineData("a key of another certificate", "cannot be served")]
    [InlineData("an expired one", "expired at")]
    [InlineData("one that is away", "Could not find")]
    [InlineData("half a file", "holds no certificate")]
    [InlineData("a key that others can read", "is open to other users (chmod 600 mends it")]
    public async Task It_does_not_start_with(string why, string because)
    {
        _certificates.Write();
        Spoil(why);

        IOException refusal = await Assert.ThrowsAnyAsync<IOException>(() => StartAsync(isWritten: true));

        Assert.Contains(because, refusal.Message, StringComparison.Ordinal);
    }

    private void Spoil(string how)
    {
        if (how.StartsWith("a key of another", StringComparison.Ordinal)) _certificates.Write(isKeyOfAnother: true);
        else if (how.StartsWith("an expired", StringComparison.Ordinal)) _certificates.Write(daysUntil: -1);
        else if (how.StartsWith("one that is away", StringComparison.Ordinal)) File.Delete(_certificates.Files.Certificate);
        else if (how.StartsWith("half", StringComparison.Ordinal)) File.WriteAllText(_certificates.Files.Certificate, File.ReadAllText(_certificates.Files.Certificate)[..100]);
        else
        {
            _certificates.Write();
            File.SetUnixFileMode(_certificates.Files.Key, (UnixFileMode)0b110_100_100);
        }
    }

    private async Task<BrokerUnderTest> StartAsync(TimeProvider? clock = null, bool isWritten = false)
    {
        if (!isWritten) _certificates.Write();
        ListenAddress address = new(new IPEndPoint(IPAddress.Loopback, 0), isTls: true);
        return (await BrokerUnderTest.StartAsync(clock ?? TimeProvider.System, (address, new ListenSettings { Tls = _certificates.Files }))).WithGoodSts(TimeProvider.System);
    }

    private static Task<(int ExitCode, string Output, string Error)> HelperAsync(BrokerUnderTest test, string host, string authority) =>
        ClientProgram.RunAsync([ShippedFiles.Helper("linux-x64")], ("AWS_CRED_URL", $"https://{host}:{test.Url.Port}"), ("AWS_CRED_TOKEN", test.Token), ("AWS_CRED_CA_FILE", authority));

    /// <summary>The serial number of what the broker shows now.</summary>
    private static async Task<string> ServedAsync(BrokerUnderTest test)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, test.Url.Port);
#pragma warning disable CA5359 // what is looked at is the certificate
        await using SslStream tls = new(client.GetStream(), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync("localhost").WaitAsync(Patience.Test);
        return tls.RemoteCertificate!.GetSerialNumberString();
    }

    /// <summary>The real time, and what it is moved by.</summary>
    private sealed class ManualClock : TimeProvider
    {
        private TimeSpan _ahead;

        public void Advance(TimeSpan by) => _ahead += by;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;
    }
}
