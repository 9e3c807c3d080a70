using System;
using System.Collections.Generic;
using System.IO;
using CredBroker.Files;
using Microsoft.Win32.SafeHandles;

namespace CredBroker.Audit;

/// <summary>A line of a trail. <see cref="Bytes"/> and <see cref="Reader"/> are good until the next one.</summary>
/// <param name="Record">Null: it is not an audit line.</param>
internal readonly record struct AuditRow(string File, LineReader Reader, AuditRecord? Record)
{
    public string Place => $"{File}:{Reader.Number}";

    public ReadOnlyMemory<byte> Bytes => Reader.Line;
}

/// <summary>All lines of a trail, through its rotated files to the last, while others may write it.</summary>
internal static class AuditLines
{
    /// <param name="opened">Told the name of each file as its turn comes.</param>
    /// <exception cref="FileNotFoundException">There is neither the file nor one that it was before.</exception>
    /// <exception cref="IOException">One cannot be read.</exception>
    public static IEnumerable<AuditRow> Read(string path, Action<string>? opened = null)
    {
        using SafeFileHandle? current = TryOpen(path);
        IReadOnlyList<string> older = AuditFiles.Older(path); // after opening: what is rotated from now on is the open one
        if (current is null && older.Count == 0) throw new FileNotFoundException($"there is no {path}");
        AppendFile.Identity? currentIdentity = current is null ? null : AppendFile.Look(current).Identity;
        foreach (string file in older)
        {
            SafeFileHandle handle = AppendFile.OpenToRead(file);
            if (AppendFile.Look(handle).Identity == currentIdentity)
            {
                handle.Dispose();
                break;
            }

            opened?.Invoke(file);
            foreach (AuditRow row in Lines(file, handle)) yield return row;
        }

        if (current is null) yield break;
        opened?.Invoke(path);
        foreach (AuditRow row in Lines(path, current)) yield return row;
    }

    private static IEnumerable<AuditRow> Lines(string file, SafeFileHandle handle)
    {
        using LineReader reader = new(new FileStream(handle, FileAccess.Read, 0));
        while (reader.TryRead())
        {
            if (!reader.IsWhole)
            {
                // A writer that is at it holds the lock: once that is free, what is unfinished stays so.
                AppendFile.AwaitUnlocked(handle);
                if (reader.TryPutBack() && !reader.TryRead()) yield break;
            }

            yield return new AuditRow(file, reader, reader.IsWhole ? AuditRecord.Parse(reader.Line.Span) : null);
        }
    }

    private static SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return AppendFile.OpenToRead(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
