// What compiled code calls when something is wrong, and what it calls around native calls. There is no heap and no GC to tell of those.
using System.Runtime.InteropServices;

namespace System.Runtime
{
    /// <summary>A bug ends the process with one line and exit code 1: never a core dump, never silence.</summary>
    internal static unsafe class Fail
    {
        [DllImport("libc")] private static extern nint write(int fd, byte* bytes, nint count);
        [DllImport("libc")] private static extern void _exit(int code);

        public static void OutOfBounds() => Exit("aws-cred: error: internal error: an index out of bounds; please report it\n"u8);

        public static void Impossible() => Exit("aws-cred: error: internal error: an impossible state; please report it\n"u8);

        private static void Exit(ReadOnlySpan<byte> line)
        {
            fixed (byte* start = line) write(2, start, line.Length);
            _exit(1);
        }
    }

    /// <summary>ilc wants all of them by name; nothing in the helper casts.</summary>
    internal static class TypeCast
    {
        private static object CheckCastAny(nint type, object o) => Impossible(o);
        private static object CheckCastInterface(nint type, object o) => Impossible(o);
        private static object CheckCastClass(nint type, object o) => Impossible(o);
        private static object CheckCastClassSpecial(nint type, object o) => Impossible(o);
        private static object IsInstanceOfAny(nint type, object o) => Impossible(o);
        private static object IsInstanceOfInterface(nint type, object o) => Impossible(o);
        private static object IsInstanceOfClass(nint type, object o) => Impossible(o);
        private static object IsInstanceOfException(nint type, object o) => Impossible(o);
        private static void StelemRef(object[] array, nint index, object o) => Fail.Impossible();

        private static ref object LdelemaRef(object[] array, nint index, nint type)
        {
            Fail.Impossible();
            return ref array[index];
        }

        private static object Impossible(object o)
        {
            Fail.Impossible();
            return o;
        }
    }
}

namespace Internal.Runtime.CompilerHelpers
{
    using System.Runtime;

    internal static class StartupCodeHelpers
    {
        // Around calls between C# and C: a GC would be told here.
        [RuntimeExport("RhpReversePInvoke")] private static void ReversePInvoke(nint frame) { }
        [RuntimeExport("RhpReversePInvokeReturn")] private static void ReversePInvokeReturn(nint frame) { }
        [RuntimeExport("RhpPInvoke")] private static void PInvoke(nint frame) { }
        [RuntimeExport("RhpPInvokeReturn")] private static void PInvokeReturn(nint frame) { }
        [RuntimeExport("RhpFallbackFailFast")] private static void FailFast() => Fail.Impossible();
    }

    internal static class ThrowHelpers
    {
        private static void ThrowInvalidProgramException(int id) => Fail.Impossible();
        private static void ThrowInvalidProgramExceptionWithArgument(int id, string method) => Fail.Impossible();
        private static void ThrowFeatureBodyRemoved() => Fail.Impossible();
        private static void ThrowInstanceBodyRemoved() => Fail.Impossible();
        private static void ThrowUnavailableType() => Fail.Impossible();
        private static void ThrowOverflowException() => Fail.Impossible();
        private static void ThrowIndexOutOfRangeException() => Fail.OutOfBounds();
        private static void ThrowTypeLoadException(int id, string type, string assembly) => Fail.Impossible();
        private static void ThrowDivideByZeroException() => Fail.Impossible();
        private static void ThrowNullReferenceException() => Fail.Impossible();
    }
}
