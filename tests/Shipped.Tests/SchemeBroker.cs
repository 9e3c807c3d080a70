using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>A broker that gives every request the same answer, by whichever scheme a test's row names.</summary>
internal sealed class SchemeBroker : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aws-cred-scheme-");
    private readonly Certificates _certificates = new();
    private readonly X509Certificate2 _certificate;
    private readonly TransportBroker _broker;

    /// <param name="scheme"><c>http</c>, <c>https</c> or <c>unix</c>.</param>
    /// <param name="answer">None: the sentinels' document.</param>
    public SchemeBroker(string scheme, byte[]? answer = null)
    {
        _certificate = _certificates.For(null, IPAddress.Loopback);
        Folder = _folder.FullName;
        string socket = Path.Combine(Folder, "broker.sock"), bundle = Path.Combine(Folder, "ca.pem");
        File.WriteAllText(bundle, _certificates.AuthorityPem);
        _broker = scheme switch
        {
            "unix" => TransportBroker.Unix(socket),
            "https" => TransportBroker.Tls(_certificate),
            _ => TransportBroker.Tcp(),
        };
        if (answer is not null) _broker.Answer = answer;
        // The helper may run as any user.
        File.SetUnixFileMode(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        if (scheme == "unix") File.SetUnixFileMode(socket, (UnixFileMode)0b110_110_110);
        Settings =
        [
            new("AWS_CRED_URL", scheme == "unix" ? $"unix://{socket}" : $"{scheme}://127.0.0.1:{_broker.Port}"),
            new("AWS_CRED_TOKEN", Sentinel.Token),
            new("AWS_CRED_CA_FILE", bundle),
        ];
    }

    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; }

    /// <summary>Holds the socket and the CA bundle.</summary>
    public string Folder { get; }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _certificate.Dispose();
        _certificates.Dispose();
        _folder.Delete(recursive: true);
    }
}
