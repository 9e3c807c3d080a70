using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AwsCred.Native;

namespace AwsCred;

/// <summary>
/// The pointers in OpenSSL's tables, 18,000 of them, which libc leaves as they are in the file (README.md says why). Until they
/// are relocated nothing of OpenSSL may be called.
/// </summary>
internal static unsafe class DeferredRelocations
{
    private const ulong AT_PAGESZ = 6;
    private const int PROT_READ = 1, PROT_WRITE = 2;

    private static bool s_isTried, s_areApplied;

    /// <summary>Relocates them once and makes the tables read-only again; false, and then for good, if the kernel does not let it.</summary>
    public static bool TryApply()
    {
        if (s_isTried) return s_areApplied; // a second time would add the load address twice
        s_isTried = true;
        byte* image = (byte*)(delegate*<void>)&ImageStart;
        Layout* layout = (Layout*)(delegate*<void>)&LayoutStart;
        // Whole pages. What shares one with the tables is read-only data, too: the linker begins what stays writable on a page of its own.
        long page = (long)Libc.getauxval(AT_PAGESZ);
        byte* tables = (byte*)((long)(image + layout->Tables) & -page);
        nint length = (nint)(((long)(image + layout->TablesEnd) - (long)tables + page - 1) & -page);
        if (mprotect(tables, length, PROT_READ | PROT_WRITE) != 0) return false;
        long* at = null;
        for (long* entry = (long*)(image + layout->Relocations); entry < (long*)(image + layout->RelocationsEnd); entry++)
        {
            // An address, or a bitmap of the 63 words after what came before.
            if ((*entry & 1) == 0)
            {
                at = (long*)(image + *entry);
                *at++ += (long)image;
                continue;
            }

            ulong bits = (ulong)*entry >> 1;
            for (int i = 0; bits != 0; i++, bits >>= 1)
            {
                if ((bits & 1) != 0) at[i] += (long)image;
            }

            at += 63;
        }

        if (mprotect(tables, length, PROT_READ) != 0) return false;
        s_areApplied = true;
        OPENSSL_cpuid_setup(); // OpenSSL's constructor: NativeHelper.ld takes it out of the start
        return true;
    }

    /// <summary>The section <c>.deferred</c> of build/NativeHelper.ld: offsets from the start of the image.</summary>
    private readonly struct Layout
    {
        public readonly long Tables, TablesEnd, Data, DataEnd, Relocations, RelocationsEnd;
    }

    // Symbols of the linker; only their addresses are used.
    [MethodImpl(MethodImplOptions.InternalCall)] [RuntimeImport("*", "__ehdr_start")] private static extern void ImageStart();
    [MethodImpl(MethodImplOptions.InternalCall)] [RuntimeImport("*", "deferred_relocations")] private static extern void LayoutStart();
    [DllImport("libcrypto")] private static extern void OPENSSL_cpuid_setup();
    [DllImport("libc")] private static extern int mprotect(byte* start, nint length, int protection);
}
