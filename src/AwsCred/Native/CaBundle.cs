using System;

namespace AwsCred.Native;

/// <summary>The certificates of those who may vouch for a broker: a PEM file that the environment names, or the image's own.</summary>
internal static unsafe class CaBundle
{
    /// <summary>Appends the file's path and a NUL.</summary>
    public static bool TryFind(scoped in Settings settings, ref Text path, scoped ref Problem problem)
    {
        if (settings.CaFile.Length > 0)
        {
            if (IsReadable(settings.CaFile, ref path)) return true;
            problem.Set(ExitCode.Usage, "the CA bundle in "u8, settings.CaFileName, " ("u8);
            problem.Line.AppendUntrusted(settings.CaFile, 200);
            problem.Line.Append(") cannot be read"u8);
            return problem.Advise("Mount the broker's CA certificate there, as PEM."u8);
        }

        if (IsReadable("/etc/ssl/certs/ca-certificates.crt"u8, ref path) || // Debian, Alpine, distroless
            IsReadable("/etc/pki/tls/certs/ca-bundle.crt"u8, ref path) || // Fedora
            IsReadable("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"u8, ref path) ||
            IsReadable("/etc/ssl/ca-bundle.pem"u8, ref path) || // SUSE
            IsReadable("/etc/ssl/cert.pem"u8, ref path)) return true;
        problem.Set(ExitCode.Failed, "there is no CA bundle in this image to verify the broker's certificate with"u8);
        return problem.Advise("Mount the broker's CA certificate, as PEM, and set AWS_CRED_CA_FILE to it; or install ca-certificates."u8);
    }

    private static bool IsReadable(ReadOnlySpan<byte> candidate, ref Text path)
    {
        path.Clear();
        path.Append(candidate);
        path.Append((byte)0);
        if (path.Overflowed) return false;
        fixed (byte* start = path.Written) return Libc.access(start, Libc.R_OK) == 0;
    }
}
