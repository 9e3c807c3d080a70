using System;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CredBroker.Tests;

/// <summary>A CA with an intermediate, and pairs of PEM files as a user has them: the certificate with its chain, and its key.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _intermediateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _intermediate;

    public TestCertificates()
    {
        CertificateRequest root = new("CN=Test root", _rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = root.CreateSelfSigned(Now.AddYears(-2), Now.AddYears(2));
        CertificateRequest intermediate = new("CN=Test intermediate", _intermediateKey, HashAlgorithmName.SHA256);
        intermediate.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        using X509Certificate2 signed = intermediate.Create(_root, Now.AddYears(-1), Now.AddYears(1), [1]);
        _intermediate = signed.CopyWithPrivateKey(_intermediateKey);
        File.WriteAllText(Authority, _root.ExportCertificatePem() + "\n");
    }

    /// <summary>The root, which clients trust.</summary>
    public string Authority => _folder["ca.pem"];

    public Broker.TlsFiles Files => new(_folder["cert.pem"], _folder["key.pem"]);

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Writes a pair in the place of the one before, as certbot does: each file by a rename.</summary>
    public void Write(string name = "localhost", int daysUntil = 30, bool isKeyOfAnother = false)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa another = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=broker", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        names.AddDnsName("*.brokers.example");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 leaf = request.Create(_intermediate, Now.AddDays(-40), Now.AddDays(daysUntil), RandomNumberGenerator.GetBytes(8));
        Put(Files.Certificate, leaf.ExportCertificatePem() + "\n" + _intermediate.ExportCertificatePem() + "\n");
        Put(Files.Key, (isKeyOfAnother ? another : key).ExportPkcs8PrivateKeyPem() + "\n");
    }

    public void Dispose()
    {
        _root.Dispose();
        _intermediate.Dispose();
        _rootKey.Dispose();
        _intermediateKey.Dispose();
        _folder.Dispose();
    }

    private static void Put(string path, string text) => CredBroker.Files.AtomicFile.Write(path, System.Text.Encoding.ASCII.GetBytes(text), CredBroker.Files.UnixModes.PrivateFile);
}
