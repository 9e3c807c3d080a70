using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text.Json;
using System.Threading;

namespace CredBroker.Audit;

/// <summary>Writes events as lines of the chain, and before them what the chain itself has to tell.</summary>
internal sealed class AuditWriter(AuditSettings settings, TimeProvider clock, BrokerLog log) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly AuditFile _file = new(settings.Path, settings.RotateAt, log);
    private readonly ArrayBufferWriter<byte> _buffer = new(16 * 1024);
    private Utf8JsonWriter? _json;

    /// <summary>Whether lines could be written now.</summary>
    /// <exception cref="System.IO.IOException">They could not.</exception>
    /// <exception cref="UnauthorizedAccessException">They could not.</exception>
    public void Try()
    {
        lock (_lock)
        {
            _file.Enter();
            _file.Leave();
        }
    }

    /// <summary>Writes all of it, on disk when it returns.</summary>
    /// <param name="lost">Events before these that could not be written: a line says how many.</param>
    /// <exception cref="System.IO.IOException">Nothing of it is written.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing of it is written.</exception>
    public void Write(IReadOnlyList<AuditEntry> entries, long lost)
    {
        lock (_lock)
        {
            _file.Enter();
            try
            {
                (long Bytes, string Hash)? cut = _file.Cut;
                _file.Append(Lines(entries, cut, lost, out AuditTail tail), tail);
                if (cut is { } kept) log.AuditTailRecovered(settings.Path, kept.Bytes);
            }
            finally
            {
                _file.Leave();
            }
        }
    }

    public void Dispose()
    {
        _json?.Dispose();
        _file.Dispose();
    }

    private ReadOnlySpan<byte> Lines(IReadOnlyList<AuditEntry> entries, (long Bytes, string Hash)? cut, long lost, out AuditTail tail)
    {
        _buffer.ResetWrittenCount();
        _json ??= new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
        DateTimeOffset now = clock.GetUtcNow();
        tail = _file.Tail;
        if (cut is { } bytes)
        {
            _buffer.Write("\n"u8); // ends the line that was cut
            tail = AuditLine.Write(_buffer, _json, new AuditEvent(AuditKind.TailRecovered, Count: bytes.Bytes, CutHash: bytes.Hash), now, tail);
        }

        if (lost > 0) tail = AuditLine.Write(_buffer, _json, new AuditEvent(AuditKind.EventsLost, Count: lost), now, tail);
        foreach (AuditEntry entry in entries) tail = AuditLine.Write(_buffer, _json, entry.Event, entry.Time, tail);
        return _buffer.WrittenSpan;
    }
}
