using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using System.Threading;
using CredBroker.Files;
using Microsoft.Data.Sqlite;

namespace CredBroker.Sessions;

/// <summary>
/// The sessions of a broker on disk, so that one that is killed comes back with them. What a call has returned from is there after kill -9 and after a
/// loss of power. A token is never here, only its hash. Safe from any thread.
/// </summary>
internal sealed class SessionStore : IDisposable
{
    private readonly Lock _using = new();
    private readonly FileLock _lock;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert, _delete, _end, _use;

    private SessionStore(FileLock @lock, SqliteConnection connection)
    {
        _lock = @lock;
        _connection = connection;
        _insert = Prepare("INSERT INTO sessions (" + SessionRow.Columns + ") VALUES ($id, $token_hash, $grants, $created, $ends, $idle_limit, $last_used, $label)", "$id", "$token_hash", "$grants", "$created", "$ends", "$idle_limit", "$last_used", "$label");
        _delete = Prepare("DELETE FROM sessions WHERE id = $id", "$id");
        _end = Prepare("UPDATE sessions SET ends = created WHERE id = $id", "$id");
        _use = Prepare("UPDATE sessions SET last_used = $last_used WHERE id = $id", "$id", "$last_used");
    }

    /// <summary>Opens the store, or makes it where there is none. A file that is not one, or not sound, stays as it is.</summary>
    public static bool TryOpen(string path, [NotNullWhen(true)] out SessionStore? store, [NotNullWhen(false)] out Failure? failure)
    {
        store = null;
        FileLock? held = null;
        try
        {
            PrivateFolder.Ensure(Path.GetDirectoryName(path)!);
            if (Directory.Exists(path)) throw new IOException("it is a folder");
            // Before anything is made beside it.
            failure = WhyNot(path) is string why ? Unusable(path, why) : null;
            if (failure is not null) return false;
            held = FileLock.Try(path + ".lock");
            failure = held is null ? new Failure(FailureKind.Host, "StoreInUse", $"another broker works with the sessions in {path}", "Stop it first, or give this one a place of its own with --store and --control.") : null;
            if (failure is not null) return false;
            if (!File.Exists(path)) StoreFile.Make(path);
            store = new SessionStore(held!, StoreFile.Open(path));
            return true;
        }
        catch (SqliteException e)
        {
            failure = Unusable(path, IsDamage(e) ? "it is damaged" : e.Message);
            return false;
        }
        catch (InvalidDataException e)
        {
            failure = Unusable(path, e.Message);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failure = new Failure(FailureKind.Host, "StoreUnusable", $"cannot keep sessions in {path}: {e.Message}", "Name a place with --store in a folder that is this user's alone.");
            return false;
        }
        finally
        {
            if (store is null) held?.Dispose();
        }
    }

    /// <summary>When the broker before this one was seen alive the last time; null: it ended well, and has written all.</summary>
    public DateTimeOffset? LastAlive => _lock.Noted is var noted && noted == DateTime.UnixEpoch ? null : new DateTimeOffset(noted, TimeSpan.Zero);

    /// <summary>For the next broker, if this one is killed.</summary>
    public void NoteAlive(DateTimeOffset now) => Note(now.UtcDateTime);

    /// <summary>This broker has written all that it knows.</summary>
    public void NoteEnd() => Note(DateTime.UnixEpoch);

    /// <summary>All sessions, those that have ended included.</summary>
    public bool TryRead(out IReadOnlyList<LiveSession> sessions, out Failure? failure)
    {
        sessions = [];
        failure = null;
        lock (_using)
        {
            try
            {
                using SqliteCommand select = Prepare(SessionRow.SelectAll);
                sessions = SessionRow.ReadAll((byte[])select.ExecuteScalar()!);
                return true;
            }
            catch (Exception e) when (e is SqliteException or InvalidDataException)
            {
                failure = Unusable(_connection.DataSource, e is InvalidDataException ? e.Message : "it is damaged");
                return false;
            }
        }
    }

    /// <returns>Null: it is on disk.</returns>
    public Failure? Insert(LiveSession session) => Write(() =>
    {
        SessionRow.Bind(_insert.Parameters, session);
        _insert.ExecuteNonQuery();
    });

    /// <summary>In one transaction. One that is not there need not be.</summary>
    /// <returns>Null: they are gone from the disk.</returns>
    public Failure? Delete(IReadOnlyCollection<string> ids) => WriteEach(_delete, ids);

    /// <summary>In one transaction: from now on their time is over, for the next broker, too. One that is not there need not be.</summary>
    /// <returns>Null: that is on disk.</returns>
    public Failure? End(IReadOnlyCollection<string> ids) => WriteEach(_end, ids);

    /// <summary>Writes down when sessions were last used, in one transaction.</summary>
    public Failure? WriteUses(IReadOnlyCollection<(string Id, DateTimeOffset LastUsed)> uses) => uses.Count == 0 ? null : Write(() => InTransaction(_use, uses, use =>
    {
        _use.Parameters["$id"].Value = use.Id;
        _use.Parameters["$last_used"].Value = use.LastUsed.ToUnixTimeMilliseconds();
    }));

    public void Dispose()
    {
        lock (_using)
        {
            _insert.Dispose();
            _delete.Dispose();
            _end.Dispose();
            _use.Dispose();
            _connection.Dispose();
            _lock.Dispose();
        }
    }

    private void Note(DateTime time)
    {
        try
        {
            _lock.Noted = time;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that takes no note takes no uses either, and of those the log tells.
        }
    }

    private Failure? WriteEach(SqliteCommand command, IReadOnlyCollection<string> ids) => ids.Count == 0 ? null : Write(() => InTransaction(command, ids, id => command.Parameters["$id"].Value = id));

    private Failure? Write(Action work)
    {
        lock (_using)
        {
            try
            {
                work();
                return null;
            }
            catch (SqliteException e)
            {
                return new Failure(FailureKind.Host, "StoreNotWritten", "the store of sessions does not take a change", "Is there space on the broker's disk, and may it write there? The broker's log says more.", e.Message);
            }
        }
    }

    private void InTransaction<T>(SqliteCommand command, IReadOnlyCollection<T> items, Action<T> bind)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        command.Transaction = transaction;
        try
        {
            foreach (T item in items)
            {
                bind(item);
                command.ExecuteNonQuery();
            }

            transaction.Commit();
        }
        finally
        {
            command.Transaction = null;
        }
    }

    private SqliteCommand Prepare(string sql, params string[] parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // All of it is written in this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (string name in parameters) command.Parameters.Add(new SqliteParameter(name, null));
        return command;
    }

    private static string? WhyNot(string path)
    {
        if (File.Exists(path)) return StoreFile.WhyNot(path);
        // The log of another file would be played into a new one.
        return File.Exists(path + "-wal") ? $"{path}-wal is there without it" : null;
    }

    private static bool IsDamage(SqliteException e) => e.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB;

    private static Failure Unusable(string path, string why) =>
        new(FailureKind.Host, "StoreUnusable", $"cannot use the store of sessions {path}: {why}", "It has been left as it is. Move it away with its -wal file to begin with no sessions, or name another with --store.");
}
