using System;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace CredBroker.Sessions;

/// <summary>SQLite's native library, which this program carries. It is loaded from memory: a file that was unpacked first would be one that somebody could swap.</summary>
internal static partial class SqliteLibrary
{
    private const string Name = "libe_sqlite3.so";

    private static readonly Lazy<nint> Library = new(Open, LazyThreadSafetyMode.ExecutionAndPublication);
    private static readonly Lazy<bool> Registration = new(Register, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>To be called before the first use of Microsoft.Data.Sqlite.</summary>
    public static void Load() => _ = Registration.Value;

    private static bool Register()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == "e_sqlite3" ? Library.Value : 0);
        SQLitePCL.Batteries_V2.Init();
        return true;
    }

    private static nint Open()
    {
        using Stream resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(Name) ?? throw new InvalidOperationException($"the resource {Name} is not in this build");
        using SafeFileHandle memory = MemoryFile(Name, 1 /* MFD_CLOEXEC */);
        if (memory.IsInvalid) throw new IOException($"cannot load SQLite: {Marshal.GetLastPInvokeErrorMessage()}");
        using FileStream file = new(memory, FileAccess.ReadWrite, bufferSize: 0);
        resource.CopyTo(file);
        // The library stays mapped when the handle is closed.
        return NativeLibrary.Load($"/proc/self/fd/{memory.DangerousGetHandle()}");
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle MemoryFile(string name, uint flags);
}
