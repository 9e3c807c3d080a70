using System.Runtime.InteropServices;

namespace AwsCred.Native;

/// <summary>
/// The calls of libc that the helper makes, and Linux's numbers for them: the same on x64 and arm64.
/// Source: the man pages of section 2 and 3, and the kernel's asm-generic headers.
/// </summary>
internal static unsafe class Libc
{
    public const int AF_UNSPEC = 0, AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10;
    public const int SOCK_STREAM = 1, SOCK_CLOEXEC = 0x80000;
    public const int SOL_SOCKET = 1, SO_SNDTIMEO = 21;
    public const int MSG_NOSIGNAL = 0x4000;
    public const int F_DUPFD_CLOEXEC = 1030;
    public const short POLLOUT = 4;
    public const int F_OK = 0, X_OK = 1, R_OK = 4;
    public const int O_RDONLY = 0, O_CLOEXEC = 0x80000;
    public const int SIGPIPE = 13, SIGALRM = 14, SIGXFSZ = 25, SIG_IGN = 1, SIG_UNBLOCK = 1;
    public const int PR_SET_DUMPABLE = 4;
    public const ulong AT_EXECFN = 31;
    public const int CLOCK_REALTIME = 0, CLOCK_MONOTONIC = 1;
    public const int ENOENT = 2, EINTR = 4, EAGAIN = 11, EACCES = 13, ENOTDIR = 20, EISDIR = 21, EFBIG = 27, ENOSPC = 28, EPIPE = 32, EBADF = 9, EPROTO = 71,
        EAFNOSUPPORT = 97, EADDRNOTAVAIL = 99, ENETUNREACH = 101, ECONNABORTED = 103, ECONNRESET = 104, ETIMEDOUT = 110, ECONNREFUSED = 111, EHOSTUNREACH = 113, EINPROGRESS = 115;
    public const int EAI_NONAME = -2, EAI_AGAIN = -3, EAI_FAIL = -4, EAI_NODATA = -5, EAI_SYSTEM = -11;

    /// <summary>The number of the last failure. Read at once after the call: in the ordinary form the runtime may call libc, too.</summary>
    public static int Errno => *__errno_location();

    [DllImport("libc")] public static extern int* __errno_location();
    [DllImport("libc")] public static extern nint write(int fd, byte* bytes, nint count);
    [DllImport("libc")] public static extern nint read(int fd, byte* bytes, nint count);
    [DllImport("libc")] public static extern int open(byte* path, int flags);
    [DllImport("libc")] public static extern int close(int fd);
    [DllImport("libc")] public static extern int access(byte* path, int mode);
    [DllImport("libc")] public static extern byte* getauxval(ulong type);
    [DllImport("libc")] public static extern int fcntl(int fd, int command, int argument);
    [DllImport("libc")] public static extern int socket(int family, int type, int protocol);
    [DllImport("libc")] public static extern int setsockopt(int fd, int level, int option, void* value, int length);
    [DllImport("libc")] public static extern int connect(int fd, void* address, int length);
    [DllImport("libc")] public static extern nint send(int fd, byte* bytes, nint count, int flags);
    [DllImport("libc")] public static extern nint recv(int fd, byte* bytes, nint count, int flags);
    [DllImport("libc")] public static extern int inet_pton(int family, byte* text, void* address);
    [DllImport("libc")] public static extern byte* inet_ntop(int family, void* address, byte* text, int length);
    [DllImport("libc")] public static extern int getaddrinfo(byte* host, byte* service, AddressInfo* hints, AddressInfo** result);
    [DllImport("libc")] public static extern void freeaddrinfo(AddressInfo* result);
    [DllImport("libc")] public static extern int __nss_configure_lookup(byte* database, byte* services);
    [DllImport("libc")] public static extern int poll(PollDescriptor* descriptors, ulong count, int milliseconds);
    [DllImport("libc")] public static extern int alarm(int seconds);
    [DllImport("libc")] public static extern nint signal(int number, nint handler);
    [DllImport("libc")] public static extern int sigprocmask(int how, void* set, void* old);
    [DllImport("libc")] public static extern int prctl(int option, nint a, nint b, nint c, nint d);
    [DllImport("libc")] public static extern int clock_gettime(int clock, TimeSpec* time);
    [DllImport("libc")] public static extern int nanosleep(TimeSpec* time, TimeSpec* left);
    [DllImport("libc")] public static extern byte* gnu_get_libc_version();
    [DllImport("libc")] public static extern void _exit(int code);

    /// <summary><c>struct timespec</c></summary>
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary><c>struct pollfd</c></summary>
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary><c>struct addrinfo</c></summary>
    public struct AddressInfo
    {
        public int Flags;
        public int Family;
        public int SocketType;
        public int Protocol;
        public int AddressLength;
        public void* Address;
        public byte* CanonicalName;
        public AddressInfo* Next;
    }
}
