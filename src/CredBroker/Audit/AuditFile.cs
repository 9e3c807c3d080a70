using System;
using System.Collections.Generic;
using System.IO;
using CredBroker.Files;
using Microsoft.Win32.SafeHandles;

namespace CredBroker.Audit;

/// <summary>
/// The file that a chain grows in, shared with other processes: locked for a batch, looked at again where another has written since.
/// For one thread at a time.
/// </summary>
internal sealed class AuditFile(string path, long rotateAt, BrokerLog log) : IDisposable
{
    /// <summary>Between opening a file and locking it another process may rotate it; that often in a row none does.</summary>
    private const int MostAttempts = 100;

    private AppendFile? _file;
    private AppendFile.Identity _identity;
    private long _size;

    /// <summary>The file's name is on disk: by this process, since another may have been killed before it did that.</summary>
    private bool _isNameKept;

    /// <summary>By how much the file may be larger, since it could not be rotated.</summary>
    private long _postponed;

    /// <summary>What this process knows: kept when the file is lost, so that verify finds the gap.</summary>
    private AuditTail _tail = AuditTail.Start;

    /// <summary>Where the chain stands; right between <see cref="Enter"/> and <see cref="Leave"/>.</summary>
    public AuditTail Tail => _tail;

    /// <summary>The bytes of a cut line at the end, which the next append must finish by a newline and name.</summary>
    public (long Bytes, string Hash)? Cut { get; private set; }

    /// <summary>Takes the file for this process alone, rotated where it is due.</summary>
    /// <exception cref="IOException">It cannot be written, or is no audit file; nothing is held.</exception>
    /// <exception cref="UnauthorizedAccessException">Its folder cannot be made.</exception>
    public void Enter()
    {
        try
        {
            Take();
            if (_size < rotateAt + _postponed || !TryRotate()) return;
            Take();
        }
        catch
        {
            Forget();
            throw;
        }
    }

    /// <summary>Adds lines, on disk when it returns. Where it fails, nothing of them stays.</summary>
    /// <exception cref="IOException">They are not written, and nothing is held.</exception>
    public void Append(ReadOnlySpan<byte> lines, AuditTail tail)
    {
        try
        {
            _file!.Append(lines);
            if (!_isNameKept) AppendFile.SyncFolder(Path.GetDirectoryName(path)!);
        }
        catch
        {
            _file!.CutBackTo(_size);
            Forget();
            throw;
        }

        _size += lines.Length;
        (_tail, _isNameKept, Cut) = (tail, true, null);
    }

    public void Leave() => _file?.Unlock();

    public void Dispose() => Forget();

    private void Take()
    {
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            bool isOpened = _file is null;
            if (isOpened) PrivateFolder.EnsureItself(Path.GetDirectoryName(path)!);
            _file ??= AppendFile.Open(path);
            _file.Lock();
            (AppendFile.Identity identity, long size) = _file.Look();
            if (AppendFile.IdentityOf(path) == identity)
            {
                if (isOpened || identity != _identity || size != _size) Examine(size);
                if (isOpened) _isNameKept = false;
                (_identity, _size) = (identity, size);
                return;
            }

            Forget(); // rotated, or moved away
        }

        throw new IOException($"{path} is replaced again and again");
    }

    /// <summary>Finds where the chain stands in a file that another process has written, or nobody yet.</summary>
    private void Examine(long size)
    {
        AuditEnd end = ReadEnd(path, _file!.Handle, size);
        Cut = end.CutHash is null ? null : (end.CutBytes, end.CutHash);
        AuditTail found = end.Last?.Tail ?? TailOfOlder();
        if (end.Last is { IsSound: false }) log.AuditLineChanged(path, found.Seq);
        // Against somebody who takes lines away while we live: the chain goes on from what we wrote, and does not fit what is there.
        if (_tail.Seq > 0 && (found.Seq < _tail.Seq || found.Seq == _tail.Seq && found != _tail)) log.AuditLinesGone(path, _tail.Seq, found.Seq);
        else _tail = found;
    }

    private AuditTail TailOfOlder()
    {
        IReadOnlyList<string> older = AuditFiles.Older(path);
        if (older.Count == 0) return AuditTail.Start;
        using SafeFileHandle last = AppendFile.OpenToRead(older[^1]);
        return ReadEnd(older[^1], last, AppendFile.Look(last).Size).Last?.Tail ?? throw new IOException($"{older[^1]} is empty");
    }

    private static AuditEnd ReadEnd(string path, SafeFileHandle file, long size)
    {
        try
        {
            return AuditEnd.Read(file, size);
        }
        catch (IOException e)
        {
            throw new IOException($"{path} cannot be continued: {e.Message}", e);
        }
    }

    /// <summary>Gives the file its older name, under its lock: whoever waits for it finds that its name has gone, and opens the new one.</summary>
    private bool TryRotate()
    {
        if (Cut is not null) return false; // first its line is noted
        try
        {
            byte[] start = new byte[AuditLine.MaximumLength];
            int length = RandomAccess.Read(_file!.Handle, start, 0), newline = start.AsSpan(0, length).IndexOf((byte)'\n');
            AuditRecord first = (newline < 0 ? null : AuditRecord.Parse(start.AsSpan(0, newline))) ?? throw new IOException("its first line is not an audit line");
            // On disk before the first line of the new file is: that needs its folder synced.
            AppendFile.Rename(path, AuditFiles.OlderName(path, first.Seq));
            Forget();
            _postponed = 0;
            return true;
        }
        catch (IOException e)
        {
            if (_postponed == 0) log.AuditNotRotated(path, e.Message);
            // Tried again, and not at every batch.
            _postponed = _size - rotateAt + rotateAt / 8;
            return false;
        }
    }

    private void Forget()
    {
        _file?.Dispose();
        _file = null;
    }
}
