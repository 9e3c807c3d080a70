using System;
using System.Buffers.Binary;
using System.IO;
using CredBroker.Files;
using Microsoft.Data.Sqlite;

namespace CredBroker.Sessions;

/// <summary>The file of a store: what makes it ours, how a new one is made, and how it is opened. A file that is not ours is never written to.</summary>
internal static class StoreFile
{
    /// <summary>"CRBR", in the header of the file. Source: sqlite.org/fileformat2.html, 1.3: application id at byte 68, user version at 60.</summary>
    private const int ApplicationId = 0x43524252, SchemaVersion = 1;

    private const string Schema =
        """
        CREATE TABLE sessions (
            id TEXT NOT NULL PRIMARY KEY,
            token_hash BLOB NOT NULL UNIQUE,
            grants TEXT NOT NULL,
            created INTEGER NOT NULL,
            ends INTEGER NOT NULL,
            idle_limit INTEGER,
            last_used INTEGER NOT NULL,
            label TEXT
        ) STRICT, WITHOUT ROWID
        """;

    /// <returns>Why the file cannot be a store of this version; null where it can.</returns>
    public static string? WhyNot(string path)
    {
        Span<byte> header = stackalloc byte[100];
        using FileStream stream = File.OpenRead(path);
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || !header.StartsWith("SQLite format 3\0"u8)) return "it is not a database of SQLite";
        if (BinaryPrimitives.ReadInt32BigEndian(header[68..]) != ApplicationId) return "it is a database of another program";
        int version = BinaryPrimitives.ReadInt32BigEndian(header[60..]);
        return version == SchemaVersion ? null : $"it is of version {version}, and this cred-broker reads version {SchemaVersion}";
    }

    /// <summary>Makes an empty store, 0600, which is there as a whole or not at all. SQLite gives its other files the same mode.</summary>
    public static void Make(string path)
    {
        string unfinished = path + ".new";
        // The caller has the lock: these are of a broker that was killed.
        File.Delete(unfinished);
        File.Delete(unfinished + "-journal");
        new FileStream(unfinished, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixModes.PrivateFile }).Dispose();
        using (SqliteConnection connection = Connect(unfinished))
        {
            Execute(connection, $"PRAGMA synchronous = FULL; BEGIN IMMEDIATE; {Schema}; PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {SchemaVersion}; COMMIT");
        }

        File.Move(unfinished, path);
    }

    /// <exception cref="InvalidDataException">The file is damaged. It stays as it is.</exception>
    public static SqliteConnection Open(string path)
    {
        // Somebody copied it, and its mode has gone on the way: SQLite's other files would be as open.
        if (File.GetUnixFileMode(path) != UnixModes.PrivateFile) File.SetUnixFileMode(path, UnixModes.PrivateFile);
        SqliteConnection connection = Connect(path);
        try
        {
            // Until it is known to be sound, closing must not write the log into the file.
            SetCheckpointOnClose(connection, false);
            // Exclusive before the first use: no second program can open it, and the index of the log is in memory and in no file.
            Execute(connection, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
            if (Read(connection, "PRAGMA quick_check(1)") is not "ok") throw new InvalidDataException("it is damaged");
            if (Read(connection, "PRAGMA journal_mode = WAL") is not "wal") throw new InvalidDataException("it cannot be written ahead");
            SetCheckpointOnClose(connection, true);
            return connection;
        }
        catch
        {
            connection.Dispose();
            // Looking at it has made one, in the end without a word in it.
            if (File.Exists(path + "-wal") && new FileInfo(path + "-wal").Length == 0) File.Delete(path + "-wal");
            throw;
        }
    }

    private static SqliteConnection Connect(string path)
    {
        SqliteLibrary.Load();
        // No pool: a connection that lives on would keep the file.
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 5 }.ToString());
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // All of it is written in this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static string? Read(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // All of it is written in this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar() as string;
    }

    private static void SetCheckpointOnClose(SqliteConnection connection, bool isOn) =>
        SQLitePCL.raw.sqlite3_db_config(connection.Handle, SQLitePCL.raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, isOn ? 0 : 1, out _);
}
