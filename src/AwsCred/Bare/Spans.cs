// Spans as the base class library has them, as far as the helper uses them: every access is within bounds, or the process ends.
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace System
{
    public readonly ref struct ReadOnlySpan<T>
    {
        internal readonly ref T _reference;
        private readonly int _length;

        public unsafe ReadOnlySpan(void* pointer, int length)
        {
            if (length < 0) Fail.OutOfBounds();
            _reference = ref Unsafe.AsRef<T>(pointer);
            _length = length;
        }

        // The array constructors must exist for u8 literals to compile; the compiler then emits the pointer one.
        public unsafe ReadOnlySpan(T[] array) : this(null, -1) { }
        public unsafe ReadOnlySpan(T[] array, int start, int length) : this(null, -1) { }

        internal ReadOnlySpan(ref T reference, int length)
        {
            _reference = ref reference;
            _length = length;
        }

        public int Length => _length;

        public ref readonly T this[int index]
        {
            get
            {
                if ((uint)index >= (uint)_length) Fail.OutOfBounds();
                return ref Unsafe.Add(ref _reference, index);
            }
        }

        public ReadOnlySpan<T> Slice(int start) => Slice(start, _length - start);

        public ReadOnlySpan<T> Slice(int start, int length)
        {
            if ((uint)start > (uint)_length || (uint)length > (uint)(_length - start)) Fail.OutOfBounds();
            return new ReadOnlySpan<T>(ref Unsafe.Add(ref _reference, start), length);
        }

        public ref readonly T GetPinnableReference() => ref _reference;
    }

    public readonly ref struct Span<T>
    {
        internal readonly ref T _reference;
        private readonly int _length;

        public unsafe Span(void* pointer, int length)
        {
            if (length < 0) Fail.OutOfBounds();
            _reference = ref Unsafe.AsRef<T>(pointer);
            _length = length;
        }

        private Span(ref T reference, int length)
        {
            _reference = ref reference;
            _length = length;
        }

        public int Length => _length;

        public ref T this[int index]
        {
            get
            {
                if ((uint)index >= (uint)_length) Fail.OutOfBounds();
                return ref Unsafe.Add(ref _reference, index);
            }
        }

        public static implicit operator ReadOnlySpan<T>(Span<T> span) => new(ref span._reference, span._length);

        public Span<T> Slice(int start) => Slice(start, _length - start);

        public Span<T> Slice(int start, int length)
        {
            if ((uint)start > (uint)_length || (uint)length > (uint)(_length - start)) Fail.OutOfBounds();
            return new Span<T>(ref Unsafe.Add(ref _reference, start), length);
        }

        public ref T GetPinnableReference() => ref _reference;

        public void Fill(T value)
        {
            for (int i = 0; i < _length; i++) this[i] = value;
        }
    }

    public static unsafe class MemoryExtensions
    {
        [DllImport("libc")] private static extern int memcmp(byte* left, byte* right, nuint count);
        [DllImport("libc")] private static extern byte* memchr(byte* bytes, int value, nuint count);

        public static bool SequenceEqual(this ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
        {
            if (left.Length != right.Length) return false;
            if (left.Length == 0) return true;
            fixed (byte* a = left)
            fixed (byte* b = right) return memcmp(a, b, (nuint)left.Length) == 0;
        }

        public static bool StartsWith(this ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
            text.Length >= start.Length && text.Slice(0, start.Length).SequenceEqual(start);

        public static int IndexOf(this ReadOnlySpan<byte> text, byte value)
        {
            if (text.Length == 0) return -1;
            fixed (byte* start = text)
            {
                byte* found = memchr(start, value, (nuint)text.Length);
                return found == null ? -1 : (int)(found - start);
            }
        }
    }

    /// <summary>The member <c>CopyTo</c> of spans, for bytes: overlapping is fine, too short a destination is not.</summary>
    public static unsafe class SpanCopy
    {
        public static void CopyTo(this ReadOnlySpan<byte> source, Span<byte> destination)
        {
            if (source.Length > destination.Length) Fail.OutOfBounds();
            if (source.Length > 0) Buffer.Memmove(ref destination._reference, ref source._reference, (nuint)source.Length);
        }

        public static void CopyTo(this Span<byte> source, Span<byte> destination) => ((ReadOnlySpan<byte>)source).CopyTo(destination);
    }

    internal static unsafe class Buffer
    {
        [DllImport("libc")] private static extern void* memmove(byte* to, byte* from, nuint count);

        internal static void Memmove(ref byte to, ref byte from, nuint count)
        {
            fixed (byte* a = &to)
            fixed (byte* b = &from) memmove(a, b, count);
        }

        internal static void BulkMoveWithWriteBarrier(ref byte to, ref byte from, nuint count) => Memmove(ref to, ref from, count);
    }

    /// <summary>What the compiler calls to clear and fill memory.</summary>
    internal static unsafe class SpanHelpers
    {
        [DllImport("libc")] private static extern void* memset(byte* to, int value, nuint count);

        internal static void ClearWithoutReferences(ref byte to, nuint count) => Fill(ref to, count, 0);

        internal static void Fill(ref byte to, nuint count, byte value)
        {
            fixed (byte* start = &to) memset(start, value, count);
        }

        internal static void Memmove(ref byte to, ref byte from, nuint count) => Buffer.Memmove(ref to, ref from, count);
    }
}

namespace System.Runtime.CompilerServices
{
    /// <summary>ilc replaces the bodies: these are intrinsics.</summary>
    public static unsafe class Unsafe
    {
        [Intrinsic] public static ref T AsRef<T>(void* pointer) => ref AsRef<T>(pointer);
        [Intrinsic] public static ref T Add<T>(ref T reference, int offset) => ref Add(ref reference, offset);
    }
}
