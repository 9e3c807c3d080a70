using System;
using System.IO;
using System.Security.Cryptography;

namespace CredBroker.Audit;

/// <summary>Lines of a file of any size in bounded memory: what is longer than a line of ours is counted and hashed, not kept.</summary>
internal sealed class LineReader(Stream stream) : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly byte[] _buffer = new byte[BufferSize];
    private int _start, _end;

    /// <summary>The line that was read, without its newline; cut at the longest that ours can be. Good until the next read.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>All of the line's bytes, without its newline.</summary>
    public long Length { get; private set; }

    /// <summary>It ends in a newline.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Which line it is, from 1.</summary>
    public long Number { get; private set; }

    private string? _longHash;

    /// <summary>The SHA-256 of the line's bytes.</summary>
    public string Hash => _longHash ?? Convert.ToHexStringLower(SHA256.HashData(Line.Span));

    /// <returns>False: there is nothing more, for now.</returns>
    public bool TryRead()
    {
        _longHash = null;
        int newline;
        while ((newline = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n')) < 0 && Fill())
        {
        }

        if (newline < 0 && _end == _start) return false;
        int length = newline < 0 ? _end - _start : newline;
        Line = _buffer.AsMemory(_start, Math.Min(length, AuditLine.MaximumLength + 1));
        (Length, IsWhole) = (length, newline >= 0);
        Number++;
        if (newline < 0 && length == BufferSize) SkipRest();
        else
        {
            if (length > AuditLine.MaximumLength) _longHash = Convert.ToHexStringLower(SHA256.HashData(_buffer.AsSpan(_start, length)));
            _start += length + (newline < 0 ? 0 : 1);
        }

        return true;
    }

    /// <summary>Takes an unfinished line back, to be read again when more of it may be there.</summary>
    /// <returns>False: it is too long for that.</returns>
    public bool TryPutBack()
    {
        if (IsWhole || Length >= BufferSize) return false;
        _start -= (int)Length;
        Number--;
        return true;
    }

    public void Dispose() => stream.Dispose();

    private bool Fill()
    {
        if (_start > 0 && _end - _start < BufferSize)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        int read = _end == BufferSize ? 0 : stream.Read(_buffer, _end, BufferSize - _end);
        _end += read;
        return read > 0;
    }

    private void SkipRest()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // The start of it is no line of ours: only its length and hash are asked for.
        Line = Line.ToArray();
        while (true)
        {
            int newline = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            int length = newline < 0 ? _end - _start : newline;
            hash.AppendData(_buffer, _start, length);
            (Length, IsWhole) = (Length + length, newline >= 0);
            _start += length + (newline < 0 ? 0 : 1);
            if (IsWhole || !Fill()) break;
        }

        Length -= BufferSize; // counted at first already
        _longHash = Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
