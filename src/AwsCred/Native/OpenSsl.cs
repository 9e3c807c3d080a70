using System.Runtime.InteropServices;

namespace AwsCred.Native;

/// <summary>The calls of OpenSSL 3 that the helper makes. Source: its manual pages, section 3, and ssl.h, tls1.h, x509_vfy.h for the numbers.</summary>
internal static unsafe class OpenSsl
{
    private const ulong OPENSSL_INIT_NO_LOAD_CONFIG = 0x80;
    public const int SSL_CTRL_SET_TLSEXT_HOSTNAME = 55, SSL_CTRL_SET_MIN_PROTO_VERSION = 123, TLSEXT_NAMETYPE_host_name = 0, TLS1_2_VERSION = 0x303;
    public const int OPENSSL_VERSION_STRING = 6;
    public const int SSL_VERIFY_PEER = 1;
    public const int SSL_ERROR_SSL = 1, SSL_ERROR_SYSCALL = 5, SSL_ERROR_ZERO_RETURN = 6;
    public const int ERR_REASON_MASK = 0x7FFFFF, SSL_AD_REASON_OFFSET = 1000; // an alert's reason is its number, and this
    public const int X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS = 4;
    public const int X509_V_OK = 0, X509_V_ERR_CERT_SIGNATURE_FAILURE = 7, X509_V_ERR_CERT_NOT_YET_VALID = 9, X509_V_ERR_CERT_HAS_EXPIRED = 10, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT = 18,
        X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN = 19, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY = 20, X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE = 21,
        X509_V_ERR_HOSTNAME_MISMATCH = 62, X509_V_ERR_IP_ADDRESS_MISMATCH = 64;

    /// <summary>
    /// Comes before every other call here. The image's openssl.cnf, or the one in OPENSSL_CONF, may name engines and providers, and a
    /// static program that loads those crashes: OpenSSL reads it at whatever is called first, unless told before not to.
    /// </summary>
    public static bool TryStart() => DeferredRelocations.TryApply() && OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, 0) == 1;

    [DllImport("libcrypto")] private static extern int OPENSSL_init_crypto(ulong options, nint settings);
    [DllImport("libssl")] public static extern nint TLS_client_method();
    [DllImport("libssl")] public static extern nint SSL_CTX_new(nint method);
    [DllImport("libssl")] public static extern long SSL_CTX_ctrl(nint context, int command, long number, void* pointer);
    [DllImport("libssl")] public static extern int SSL_CTX_load_verify_file(nint context, byte* file);
    [DllImport("libssl")] public static extern void SSL_CTX_set_verify(nint context, int mode, nint callback);
    [DllImport("libssl")] public static extern nint SSL_new(nint context);
    [DllImport("libssl")] public static extern long SSL_ctrl(nint ssl, int command, long number, void* pointer);
    [DllImport("libssl")] public static extern int SSL_set1_host(nint ssl, byte* host);
    [DllImport("libssl")] public static extern void SSL_set_hostflags(nint ssl, uint flags);
    [DllImport("libssl")] public static extern nint SSL_get0_param(nint ssl);
    [DllImport("libssl")] public static extern int X509_VERIFY_PARAM_set1_ip_asc(nint parameters, byte* address);
    [DllImport("libssl")] public static extern int SSL_set_fd(nint ssl, int fd);
    [DllImport("libssl")] public static extern int SSL_connect(nint ssl);
    [DllImport("libssl")] public static extern long SSL_get_verify_result(nint ssl);
    [DllImport("libssl")] public static extern int SSL_get_error(nint ssl, int result);
    [DllImport("libssl")] public static extern int SSL_write(nint ssl, byte* bytes, int count);
    [DllImport("libssl")] public static extern int SSL_read(nint ssl, byte* bytes, int count);
    [DllImport("libssl")] public static extern byte* SSL_get_version(nint ssl);
    [DllImport("libssl")] public static extern nint SSL_get1_peer_certificate(nint ssl);
    [DllImport("libcrypto")] public static extern nint X509_get_issuer_name(nint certificate);
    [DllImport("libcrypto")] public static extern byte* X509_NAME_oneline(nint name, byte* buffer, int size);
    [DllImport("libcrypto")] public static extern nint X509_get0_notAfter(nint certificate);
    [DllImport("libcrypto")] public static extern int ASN1_TIME_diff(int* days, int* seconds, nint from, nint to);
    [DllImport("libcrypto")] public static extern byte* OpenSSL_version(int what);
    [DllImport("libcrypto")] public static extern byte* SHA256(byte* bytes, nint count, byte* digest);
    [DllImport("libssl")] public static extern void ERR_clear_error();
    [DllImport("libssl")] public static extern ulong ERR_peek_last_error();
    [DllImport("libssl")] public static extern byte* ERR_reason_error_string(ulong error);
    [DllImport("libssl")] public static extern byte* X509_verify_cert_error_string(long error);
}
