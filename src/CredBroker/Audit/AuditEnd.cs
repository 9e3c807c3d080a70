using System;
using System.IO;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace CredBroker.Audit;

/// <summary>What stands at the end of a file: its last whole line, and behind it bytes without a newline, where a write was cut.</summary>
/// <param name="Last">Null: the file has no whole line.</param>
/// <param name="CutHash">The SHA-256 of the cut bytes; null where there are none.</param>
internal sealed record AuditEnd(AuditRecord? Last, long CutBytes, string? CutHash)
{
    private const int ChunkSize = AuditLine.MaximumLength;

    /// <exception cref="IOException">It cannot be read, or its last line is not an audit line.</exception>
    public static AuditEnd Read(SafeFileHandle file, long size)
    {
        byte[] buffer = new byte[ChunkSize];
        long cutStart = LastNewline(file, buffer, size) + 1;
        (long cutBytes, string? cutHash) = cutStart == size ? (0, null) : (size - cutStart, HashOf(file, buffer, cutStart, size));
        if (cutStart == 0) return new AuditEnd(null, cutBytes, cutHash);
        long lineStart = LastNewline(file, buffer, cutStart - 1) + 1;
        int length = (int)Math.Min(cutStart - 1 - lineStart, ChunkSize);
        bool isOurs = cutStart - 1 - lineStart <= AuditLine.MaximumLength && RandomAccess.Read(file, buffer.AsSpan(0, length), lineStart) == length;
        AuditRecord? last = isOurs ? AuditRecord.Parse(buffer.AsSpan(0, length)) : null;
        return last is null ? throw new IOException("its last line is not an audit line") : new AuditEnd(last, cutBytes, cutHash);
    }

    /// <returns>Its offset; -1: there is none before <paramref name="end"/>.</returns>
    private static long LastNewline(SafeFileHandle file, byte[] buffer, long end)
    {
        while (end > 0)
        {
            int length = (int)Math.Min(end, ChunkSize);
            int read = RandomAccess.Read(file, buffer.AsSpan(0, length), end - length);
            if (read != length) throw new IOException("it became shorter while it was read");
            int found = buffer.AsSpan(0, length).LastIndexOf((byte)'\n');
            if (found >= 0) return end - length + found;
            end -= length;
        }

        return -1;
    }

    private static string HashOf(SafeFileHandle file, byte[] buffer, long start, long end)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (start < end)
        {
            int read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(end - start, ChunkSize)), start);
            if (read == 0) throw new IOException("it became shorter while it was read");
            hash.AppendData(buffer, 0, read);
            start += read;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
