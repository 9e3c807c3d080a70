using System;
using System.IO;
using System.Net.Security;
using System.Threading;

namespace CredBroker.Broker;

/// <summary>The certificate of an https listener: read again when its files change, so that it can be renewed under a running broker.</summary>
internal sealed class TlsCertificate
{
    /// <summary>Handshakes look at the files this often at most.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly TlsFiles _files;
    private readonly BrokerLog _log;
    private readonly TimeProvider _clock;
    private volatile TlsPair _pair;
    private Stamp _seen;
    private DateTimeOffset _looked;

    private TlsCertificate(TlsFiles files, BrokerLog log, TimeProvider clock, TlsPair pair, Stamp seen)
    {
        (_files, _log, _clock, _pair, _seen) = (files, log, clock, pair, seen);
        _looked = clock.GetUtcNow();
    }

    /// <exception cref="IOException">The pair cannot be served: the reason, and what to do.</exception>
    public static TlsCertificate Load(TlsFiles files, BrokerLog log, TimeProvider clock)
    {
        Stamp seen = Stamp.Of(files); // before they are read: a change in between is seen at the next look
        return new TlsCertificate(files, log, clock, TlsPair.Read(files, clock.GetUtcNow()), seen);
    }

    /// <summary>For the next handshake.</summary>
    public SslServerAuthenticationOptions Options
    {
        get
        {
            LookAgain();
            return _pair.Options;
        }
    }

    /// <summary>Whether the certificate is for a name.</summary>
    public bool IsFor(string name) => _pair.IsFor(name);

    private void LookAgain()
    {
        if (!_lock.TryEnter()) return; // somebody is at it: this handshake takes what there is
        try
        {
            DateTimeOffset now = _clock.GetUtcNow();
            if (now - _looked < LookInterval && now >= _looked) return;
            _looked = now;
            Stamp stamp = Stamp.Of(_files);
            if (stamp == _seen) return;
            _seen = stamp;
            _pair = TlsPair.Read(_files, now);
            _log.CertificateRead(_files.Certificate, _pair.Ends);
        }
        catch (IOException e)
        {
            // The old one serves on: a renewal that went wrong, or is halfway through its two files, must not take the broker away.
            _log.CertificateKept(_files.Certificate, e.Message);
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>What tells that a file was written or replaced.</summary>
    private readonly record struct Stamp(DateTime Certificate, long CertificateLength, DateTime Key, long KeyLength)
    {
        public static Stamp Of(TlsFiles files)
        {
            try
            {
                // Through links: certbot's files are some.
                FileInfo certificate = new(files.Certificate), key = new(files.Key);
                certificate = certificate.ResolveLinkTarget(true) as FileInfo ?? certificate;
                key = key.ResolveLinkTarget(true) as FileInfo ?? key;
                return new Stamp(certificate.LastWriteTimeUtc, certificate.Exists ? certificate.Length : -1, key.LastWriteTimeUtc, key.Exists ? key.Length : -1);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return default; // away, or out of reach: what reads them says so
            }
        }
    }
}
