// The types that the C# compiler and ilc insist on. Shapes only: what has a body stands in Spans.cs and Runtime.cs.
#pragma warning disable CS0169, CS0649 // fields that give a type its layout and nobody reads
namespace System
{
    public class Object
    {
        internal nint m_pMethodTable;
    }

    public struct Void { }
    public struct Boolean { private bool _value; }
    public struct Char { private char _value; }
    public struct SByte { private sbyte _value; }
    public struct Byte { private byte _value; }
    public struct Int16 { private short _value; }
    public struct UInt16 { private ushort _value; }
    public struct Int32 { public const int MaxValue = 0x7FFFFFFF; private int _value; }
    public struct UInt32 { private uint _value; }
    public struct Int64 { private long _value; }
    public struct UInt64 { private ulong _value; }
    public struct IntPtr { private nint _value; }
    public struct UIntPtr { private nuint _value; }
    public struct Single { private float _value; }
    public struct Double { private double _value; }
    public abstract class ValueType { }
    public abstract class Enum : ValueType { }
    public struct Nullable<T> where T : struct { }

    public sealed class String
    {
        public readonly int Length;
        private char _first;
    }

    public abstract class Array { private int _length; }
    public class Array<T> : Array { }
    public abstract class Delegate { }
    public abstract class MulticastDelegate : Delegate { }
    public struct RuntimeTypeHandle { private nint _value; }
    public struct RuntimeMethodHandle { private nint _value; }
    public struct RuntimeFieldHandle { private nint _value; }
    public class Attribute { }
    public class Type { }
    public enum AttributeTargets { All = 0x7FFF }

    public sealed class AttributeUsageAttribute : Attribute
    {
        public AttributeUsageAttribute(AttributeTargets targets) { }
        public bool AllowMultiple { get; set; }
        public bool Inherited { get; set; }
    }

    public sealed class ParamArrayAttribute : Attribute { }
    public sealed class ObsoleteAttribute : Attribute { public ObsoleteAttribute(string message, bool error) { } }
}

namespace System.Reflection
{
    public sealed class DefaultMemberAttribute : Attribute { public DefaultMemberAttribute(string name) { } }
}

namespace System.Runtime
{
    public sealed class RuntimeExportAttribute : Attribute { public RuntimeExportAttribute(string name) { } }
    public sealed class RuntimeImportAttribute : Attribute { public RuntimeImportAttribute(string library, string name) { } }
}

namespace System.Runtime.CompilerServices
{
    public static class RuntimeFeature
    {
        public const string UnmanagedSignatureCallingConvention = nameof(UnmanagedSignatureCallingConvention);
        public const string ByRefFields = nameof(ByRefFields);
    }

    public class RuntimeHelpers { public static unsafe int OffsetToStringData => sizeof(nint) + sizeof(int); }
    public sealed class IsByRefLikeAttribute : Attribute { }
    public sealed class IsReadOnlyAttribute : Attribute { }
    public sealed class IntrinsicAttribute : Attribute { }
    public sealed class ExtensionAttribute : Attribute { }
    public sealed class SkipLocalsInitAttribute : Attribute { }
    public sealed class UnsafeValueTypeAttribute : Attribute { }
    public sealed class CompilerGeneratedAttribute : Attribute { }
    public sealed class FixedBufferAttribute : Attribute { public FixedBufferAttribute(Type type, int length) { } }
    public sealed class CompilerFeatureRequiredAttribute : Attribute { public CompilerFeatureRequiredAttribute(string feature) { } }
    public enum MethodImplOptions { NoInlining = 8, AggressiveInlining = 256, InternalCall = 4096 }
    public sealed class MethodImplAttribute : Attribute { public MethodImplAttribute(MethodImplOptions options) { } }
}

namespace System.Runtime.InteropServices
{
    public class UnmanagedType { }
    public sealed class InAttribute : Attribute { }
    public enum LayoutKind { Sequential = 0, Explicit = 2, Auto = 3 }
    public sealed class StructLayoutAttribute : Attribute
    {
        public StructLayoutAttribute(LayoutKind kind) { }
        public int Size;
        public int Pack;
    }

    public sealed class DllImportAttribute : Attribute { public DllImportAttribute(string library) { } public string? EntryPoint; }
    public sealed class UnmanagedCallersOnlyAttribute : Attribute { public string? EntryPoint; }
    public interface IDynamicInterfaceCastable { RuntimeTypeHandle GetDynamicInterfaceImplementation(RuntimeTypeHandle type); }
}
