using System.Runtime.InteropServices;

namespace CredBroker.Files;

internal static unsafe partial class StandardOutput
{
    private const short POLLERR = 8, POLLNVAL = 0x20;

    /// <summary>Whether what reads it has gone: a pipe's other end is closed.</summary>
    public static bool IsClosed()
    {
        PollDescriptor descriptor = new() { File = 1 };
        return poll(&descriptor, 1, 0) > 0 && (descriptor.Happened & (POLLERR | POLLNVAL)) != 0;
    }

    private struct PollDescriptor
    {
        public int File;
        public short Asked, Happened;
    }

    [LibraryImport("libc")]
    private static partial int poll(PollDescriptor* descriptors, nuint count, int milliseconds);
}
