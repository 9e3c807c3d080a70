using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CredBroker.Broker;

/// <summary>A certificate with its chain and key, as it is served.</summary>
internal sealed record TlsPair(SslServerAuthenticationOptions Options, DateTimeOffset Ends, HashSet<string> Names, IReadOnlyList<string> Domains)
{
    private const UnixFileMode OpenToOthers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute | UnixFileMode.GroupWrite;

    public bool IsFor(string name)
    {
        if (Names.Contains(name)) return true;
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && Domains.Contains(name[dot..], StringComparer.OrdinalIgnoreCase);
    }

    public static TlsPair Read(TlsFiles files, DateTimeOffset now)
    {
        try
        {
            // Against another user of this host, who with the key could be the broker to its clients.
            if ((File.GetUnixFileMode(files.Key) & OpenToOthers) != 0) throw new IOException($"the key {files.Key} is open to other users (chmod 600 mends it, and 640 with a group of its own)");
            X509Certificate2Collection chain = [];
            chain.ImportFromPem(File.ReadAllText(files.Certificate));
            if (chain.Count == 0) throw new IOException($"{files.Certificate} holds no certificate in PEM");
            X509Certificate2 certificate = X509Certificate2.CreateFromPem(chain[0].ExportCertificatePem(), File.ReadAllText(files.Key));
            if (certificate.NotAfter.ToUniversalTime() <= now) throw new IOException($"{files.Certificate} expired at {certificate.NotAfter.ToUniversalTime():u}");
            return From(certificate, chain);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new IOException($"{files.Certificate} and {files.Key} cannot be served: {e.Message}", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private static TlsPair From(X509Certificate2 certificate, X509Certificate2Collection chain)
    {
        // Offline: a missing intermediate is not to be fetched from wherever the certificate says.
        SslServerAuthenticationOptions options = new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, [.. chain.Skip(1)], offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
            AllowRenegotiation = false,
        };
        string[] names = [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames())];
        string[] addresses = [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateIPAddresses())
            .Select(address => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString())];
        return new TlsPair(options, certificate.NotAfter.ToUniversalTime(), new HashSet<string>([.. names, .. addresses], StringComparer.OrdinalIgnoreCase), [.. names.Where(name => name.StartsWith("*.", StringComparison.Ordinal)).Select(name => name[1..])]);
    }
}
