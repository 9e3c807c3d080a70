using System;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using CredBroker.Files;

namespace CredBroker.Broker;

/// <summary>A unix socket that listens, with its mode and group from the first moment on, in the place of one that a dead broker left.</summary>
internal sealed partial class UnixSocket : IDisposable
{
    /// <summary>As Kestrel has it for its own.</summary>
    private const int Backlog = 512;

    /// <summary>What <c>sockaddr_un</c> holds, without its terminating NUL.</summary>
    private const int MaximumPath = 107;

    private const int WritableByOthers = 2;

    private readonly FileLock _lock;

    private UnixSocket(Socket listening, FileLock @lock)
    {
        Listening = listening;
        _lock = @lock;
    }

    /// <summary>Closing it removes its file.</summary>
    public Socket Listening { get; }

    /// <summary>Why the kernel does not take a path, as what follows it; null where it does.</summary>
    public static string? WhyNot(string path)
    {
        int length = Encoding.UTF8.GetByteCount(path);
        return length > MaximumPath ? $"is too long: a socket's path has at most {MaximumPath} bytes, and this one has {length}" : null;
    }

    /// <exception cref="IOException">The kernel does not take the path.</exception>
    public static UnixDomainSocketEndPoint EndPointOf(string path) => WhyNot(path) is string why ? throw new IOException($"{path} {why}") : new UnixDomainSocketEndPoint(path);

    /// <exception cref="IOException">The path is taken, or the socket cannot be made so.</exception>
    public static UnixSocket Listen(string path, UnixFileMode mode, int? group)
    {
        // Against another user who swaps the socket for one of their own, and collects the tokens that clients send to it.
        string folder = Path.GetDirectoryName(path)!;
        FileStatus around = FileStatus.Of(folder);
        if ((around.Mode & WritableByOthers) != 0 && !around.IsSticky) throw new IOException($"{folder} is writable for every user, who could swap the socket in it (chmod o-w mends it)");

        // Held as long as the broker lives: of two that start at once the second sees that the first is there, listening or not yet.
        FileLock held = FileLock.Try(path + ".lock") ?? throw new IOException($"{path} is another broker's, which is running");
        try
        {
            RemoveStale(path);
            return new UnixSocket(Make(path, mode, group), held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The group's number, by its name or itself; null where there is no such group.</summary>
    public static unsafe int? FindGroup(string nameOrNumber)
    {
        if (uint.TryParse(nameOrNumber, out uint number) && number <= int.MaxValue) return (int)number;
        nint group = nameOrNumber.Contains('\0', StringComparison.Ordinal) ? 0 : getgrnam(nameOrNumber);
        return group == 0 ? null : *(int*)(group + 2 * sizeof(nint)); // struct group: two pointers, then the number
    }

    public void Dispose()
    {
        Listening.Dispose();
        _lock.Dispose();
    }

    private static Socket Make(string path, UnixFileMode mode, int? group)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            int handle = (int)socket.Handle;
            // Against another user who connects between the socket's birth and a chmod: Linux gives the file the mode that the socket has, cut by
            // the umask, so it is born closed to others. It opens to the group before anybody can connect: until listen(2) the kernel refuses all.
            Check(fchmod(handle, (uint)UnixModes.PrivateFile), path, "make it private");
            socket.Bind(EndPointOf(path));
            if (group is int id) Check(lchown(path, -1, id), path, $"give it to the group {id}");
            if (mode != UnixModes.PrivateFile) File.SetUnixFileMode(path, mode);
            socket.Listen(Backlog);
            return socket;
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is SocketException refused) throw new IOException($"cannot listen at {path}: {refused.Message}", refused);
            throw;
        }
    }

    /// <summary>A killed broker's socket stays behind, and nobody answers there. What answers, or is no socket at all, is somebody's.</summary>
    private static void RemoveStale(string path)
    {
        if (FileStatus.OfAny(path) is not { } there) return;
        if (!there.IsSocket) throw new IOException($"{path} is there and is not a socket; it is left alone");
        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            client.Connect(EndPointOf(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException e)
        {
            throw new IOException($"{path} is there, and whether somebody listens cannot be told: {e.Message}", e);
        }

        throw new IOException($"{path} is in use: another program listens there");
    }

    private static void Check(int result, string path, string what)
    {
        if (result != 0) throw new IOException($"cannot listen at {path}: cannot {what}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchmod(int file, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lchown(string path, int owner, int group);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint getgrnam(string name);
}
