using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Files;
using Microsoft.Win32.SafeHandles;

namespace CredBroker.Audit;

/// <summary>The lines of a trail as they come, through its rotations, as <c>tail -F</c> has it.</summary>
internal sealed class AuditFollower(string path, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <param name="fromStart">The lines that are there already, too.</param>
    /// <param name="take">Gets each line.</param>
    /// <param name="isOver">Asked between two looks.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public async Task FollowAsync(bool fromStart, Action<AuditRow> take, Func<bool> isOver, CancellationToken cancellation)
    {
        string file = fromStart ? AuditFiles.Older(path).Append(path).First() : path;
        bool skip = !fromStart;
        while (true)
        {
            if (await OpenAsync(file, isOver, cancellation) is not { } found) return;
            (SafeFileHandle handle, string opened) = found;
            AppendFile.Identity identity = AppendFile.Look(handle).Identity;
            using LineReader reader = new(new FileStream(handle, FileAccess.Read, 0));
            while (skip && reader.TryRead() && reader.IsWhole)
            {
            }

            if (skip) reader.TryPutBack();
            skip = false;
            string? next = null;
            while (true)
            {
                while (reader.TryRead())
                {
                    if (!reader.IsWhole && reader.TryPutBack()) break;
                    take(new AuditRow(opened, reader, AuditRecord.Parse(reader.Line.Span)));
                }

                // Asked before: what was written until the file lost its name has been read since.
                if (next is not null) break;
                next = NameAfter(identity);
                if (next is not null) continue;
                if (isOver()) return;
                await Task.Delay(Pause, clock, cancellation);
            }

            file = next;
        }
    }

    private async Task<(SafeFileHandle Handle, string File)?> OpenAsync(string file, Func<bool> isOver, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return (AppendFile.OpenToRead(file), file);
            }
            catch (FileNotFoundException)
            {
                if (isOver()) return null;
                file = path; // not made yet, or just rotated
                await Task.Delay(Pause, clock, cancellation);
            }
        }
    }

    /// <summary>The file that came after the one that is being read; null: that one still grows.</summary>
    private string? NameAfter(AppendFile.Identity identity)
    {
        if (AppendFile.IdentityOf(path) is not { } current || current == identity) return null;
        IReadOnlyList<string> older = AuditFiles.Older(path);
        int position = older.ToList().FindIndex(file => AppendFile.IdentityOf(file) == identity);
        // Removed, and not rotated: whatever is there now.
        return position >= 0 && position + 1 < older.Count ? older[position + 1] : path;
    }
}
