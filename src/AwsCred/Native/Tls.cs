using System;

namespace AwsCred.Native;

/// <summary>
/// TLS 1.2 and 1.3 by OpenSSL, on a connected socket. The certificate and the host's name or address are always verified: nothing
/// turns that off. Only https comes here: the CA bundle alone takes longer to load than all the rest of a run.
/// </summary>
internal readonly unsafe struct Tls
{
    private readonly nint _ssl;

    private Tls(nint ssl) => _ssl = ssl;

    public bool IsOn => _ssl != 0;

    public static bool TryStart(int fd, scoped in BrokerUrl url, scoped in Settings settings, out Tls tls, scoped ref Problem problem)
    {
        tls = default;
        byte* path = stackalloc byte[SmallFile.MaximumPath];
        Text bundle = new(path, SmallFile.MaximumPath);
        if (!CaBundle.TryFind(settings, ref bundle, ref problem)) return false;
        Deadline.Enter("starting TLS with "u8, url.Authority);
        if (!OpenSsl.TryStart()) return problem.Set(ExitCode.Failed, "OpenSSL does not start: the kernel does not let its tables be relocated"u8);
        nint context = OpenSsl.SSL_CTX_new(OpenSsl.TLS_client_method());
        if (context == 0) return problem.Set(ExitCode.Failed, "OpenSSL does not start"u8);
        OpenSsl.SSL_CTX_ctrl(context, OpenSsl.SSL_CTRL_SET_MIN_PROTO_VERSION, OpenSsl.TLS1_2_VERSION, null);
        OpenSsl.SSL_CTX_set_verify(context, OpenSsl.SSL_VERIFY_PEER, 0);
        if (OpenSsl.SSL_CTX_load_verify_file(context, path) != 1)
        {
            problem.Set(ExitCode.Usage, "the CA bundle "u8);
            problem.Line.AppendUntrusted(bundle.Written.Slice(0, bundle.Length - 1), 200);
            problem.Line.Append(" holds no certificate in PEM form"u8);
            return problem.Advise("Set AWS_CRED_CA_FILE to the PEM file with the broker's CA certificate."u8);
        }

        nint ssl = OpenSsl.SSL_new(context);
        if (ssl == 0 || !TrySetHost(ssl, url) || OpenSsl.SSL_set_fd(ssl, fd) != 1) return problem.Set(ExitCode.Failed, "OpenSSL does not take the broker's host"u8);
        int result = OpenSsl.SSL_connect(ssl);
        if (result != 1) return Explain(ssl, result, url, ref problem);
        tls = new Tls(ssl);
        return true;
    }

    /// <summary>Appends the protocol and who vouches for the broker.</summary>
    /// <param name="daysLeft">Until the broker's certificate ends.</param>
    public void Describe(ref Text text, out int daysLeft)
    {
        int days = 0, seconds;
        text.Append(EnvironmentBlock.CString(OpenSsl.SSL_get_version(_ssl)));
        nint certificate = OpenSsl.SSL_get1_peer_certificate(_ssl);
        byte* issuer = stackalloc byte[200];
        OpenSsl.X509_NAME_oneline(OpenSsl.X509_get_issuer_name(certificate), issuer, 200);
        text.Append(", certificate by "u8);
        text.AppendUntrusted(EnvironmentBlock.CString(issuer), 200);
        OpenSsl.ASN1_TIME_diff(&days, &seconds, 0, OpenSsl.X509_get0_notAfter(certificate));
        text.Append(", good for "u8);
        text.AppendNumber(days);
        text.Append(" more days"u8);
        daysLeft = days;
    }

    public bool TrySend(ReadOnlySpan<byte> bytes, out int error)
    {
        error = 0;
        fixed (byte* start = bytes)
        {
            // Without partial writes switched on, it is all or nothing.
            if (OpenSsl.SSL_write(_ssl, start, bytes.Length) == bytes.Length) return true;
        }

        error = Libc.EPROTO;
        return false;
    }

    /// <summary>
    /// At least one byte; 0 at an end that the broker has announced; -1 otherwise: ECONNABORTED where it refuses by an alert, as it does in
    /// TLS 1.3 when it has missed a client's certificate; EPROTO where the connection was cut, by whomever.
    /// </summary>
    public int Receive(Span<byte> memory, out int error)
    {
        error = 0;
        int count;
        OpenSsl.ERR_clear_error(); // SSL_get_error looks at all that is left there
        fixed (byte* start = memory) count = OpenSsl.SSL_read(_ssl, start, memory.Length);
        if (count > 0) return count;
        int kind = OpenSsl.SSL_get_error(_ssl, count);
        if (kind == OpenSsl.SSL_ERROR_ZERO_RETURN) return 0;
        bool isAlert = kind == OpenSsl.SSL_ERROR_SSL && (OpenSsl.ERR_peek_last_error() & OpenSsl.ERR_REASON_MASK) >= OpenSsl.SSL_AD_REASON_OFFSET;
        error = isAlert ? Libc.ECONNABORTED : Libc.EPROTO;
        return -1;
    }

    /// <summary>What the alert said that ended <see cref="Receive"/>.</summary>
    public static void AppendAlert(ref Text text)
    {
        byte* reason = OpenSsl.ERR_reason_error_string(OpenSsl.ERR_peek_last_error());
        if (reason == null) text.Append("an alert"u8);
        else text.AppendUntrusted(EnvironmentBlock.CString(reason), 200);
    }

    /// <summary>The name or address that the certificate must be for; a name is also told to the server (SNI).</summary>
    private static bool TrySetHost(nint ssl, scoped in BrokerUrl url)
    {
        byte* memory = stackalloc byte[256];
        Text host = new(memory, 256);
        // The dot that ends a name for the resolver stands in no certificate.
        bool hasDot = url.Host.Length > 1 && url.Host[url.Host.Length - 1] == (byte)'.';
        host.Append(hasDot ? url.Host.Slice(0, url.Host.Length - 1) : url.Host);
        host.Append((byte)0);
        if (SocketAddress.TryParse(host.Written, url.Port, out _)) return OpenSsl.X509_VERIFY_PARAM_set1_ip_asc(OpenSsl.SSL_get0_param(ssl), memory) == 1;
        OpenSsl.SSL_set_hostflags(ssl, OpenSsl.X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        return OpenSsl.SSL_set1_host(ssl, memory) == 1 &&
            OpenSsl.SSL_ctrl(ssl, OpenSsl.SSL_CTRL_SET_TLSEXT_HOSTNAME, OpenSsl.TLSEXT_NAMETYPE_host_name, memory) == 1;
    }

    private static bool Explain(nint ssl, int result, scoped in BrokerUrl url, scoped ref Problem problem)
    {
        int errno = Libc.Errno;
        long verdict = OpenSsl.SSL_get_verify_result(ssl);
        problem.Set(ExitCode.Failed, "TLS with the broker at "u8, url.Authority, " failed: "u8);
        switch (verdict)
        {
            case OpenSsl.X509_V_OK:
                break;
            case OpenSsl.X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT or OpenSsl.X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN
                or OpenSsl.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY or OpenSsl.X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE
                or OpenSsl.X509_V_ERR_CERT_SIGNATURE_FAILURE: // a CA of the same name
                problem.Line.Append("its certificate is of a CA that is not known here"u8);
                return problem.Advise("Mount the broker's CA certificate, as PEM, and set AWS_CRED_CA_FILE to it."u8);
            case OpenSsl.X509_V_ERR_HOSTNAME_MISMATCH or OpenSsl.X509_V_ERR_IP_ADDRESS_MISMATCH:
                problem.Line.Append("its certificate is for another host"u8);
                return problem.Advise("Use the name in the certificate in AWS_CRED_URL, or give the broker a certificate for this one."u8);
            case OpenSsl.X509_V_ERR_CERT_HAS_EXPIRED:
                problem.Line.Append("its certificate has expired"u8);
                return problem.Advise("Renew the broker's certificate, and check the clock here."u8);
            case OpenSsl.X509_V_ERR_CERT_NOT_YET_VALID:
                problem.Line.Append("its certificate is not valid yet"u8);
                return problem.Advise("Check the clock here and where the certificate was made."u8);
            default:
                problem.Line.Append("its certificate is refused: "u8);
                problem.Line.AppendUntrusted(EnvironmentBlock.CString(OpenSsl.X509_verify_cert_error_string(verdict)), 200);
                return problem.Advise("Give the broker a certificate that a browser would accept."u8);
        }

        ulong error = OpenSsl.ERR_peek_last_error();
        byte* reason = error == 0 ? null : OpenSsl.ERR_reason_error_string(error);
        if (reason != null) problem.Line.AppendUntrusted(EnvironmentBlock.CString(reason), 200);
        else if (OpenSsl.SSL_get_error(ssl, result) == OpenSsl.SSL_ERROR_SYSCALL && errno != 0) Connection.AppendReason(errno, ref problem.Line);
        else problem.Line.Append("the broker closed the connection"u8);
        return problem.Advise("Does the broker speak TLS 1.2 or 1.3 there? For one that speaks plain HTTP the URL begins with http://."u8);
    }
}
