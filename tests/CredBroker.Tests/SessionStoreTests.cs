using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using CredBroker.Files;
using CredBroker.Sessions;
using Microsoft.Data.Sqlite;

namespace CredBroker.Tests;

public sealed class SessionStoreTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    private string StorePath => _folder["state/sessions.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sessions_come_back_as_they_were()
    {
        SessionToken token = new();
        Session full = new("aaaaaaaaaaaa", ["reader", "writer"], Noon, Noon.AddHours(12), TimeSpan.FromHours(2), "build 17"), least = new("bbbbbbbbbbbb", ["default"], Noon, Noon.AddDays(30));
        using (SessionStore store = Open())
        {
            Assert.Null(store.Insert(new LiveSession(full, token.Hash, Noon)));
            Assert.Null(store.Insert(new LiveSession(least, new SessionToken().Hash, Noon)));
            Assert.Null(store.WriteUses([(full.Id, Noon.AddMinutes(5)), ("nobody", Noon)]));
        }

        LiveSession[] back = Read();

        Assert.Equal(["aaaaaaaaaaaa", "bbbbbbbbbbbb"], back.Select(live => live.Session.Id));
        Assert.Equal((full.Created, full.Ends, full.IdleLimit, full.Label, Noon.AddMinutes(5)), (back[0].Session.Created, back[0].Session.Ends, back[0].Session.IdleLimit, back[0].Session.Label, back[0].LastUsed));
        Assert.Equal(full.Grants, back[0].Session.Grants);
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(token.Text)), back[0].TokenHash);
        Assert.Equal((null, null, Noon), (back[1].Session.IdleLimit, back[1].Session.Label, back[1].LastUsed));
    }

    [Fact]
    public void What_is_deleted_is_gone()
    {
        using (SessionStore store = Open())
        {
            Insert(store, "aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc");
            Assert.Null(store.Delete(["aaaaaaaaaaaa", "cccccccccccc", "nobody"]));
            Assert.Null(store.Delete([]));
        }

        Assert.Equal(["bbbbbbbbbbbb"], Read().Select(live => live.Session.Id));
    }

    [Fact]
    public void Only_this_user_gets_at_it_and_no_token_is_in_it()
    {
        SessionToken token = new();
        using SessionStore store = Open();
        Assert.Null(store.Insert(new LiveSession(new Session("aaaaaaaaaaaa", ["default"], Noon, Noon), token.Hash, Noon)));

        Assert.Equal("700", Modes.Of(_folder["state"]));
        Assert.Equal(["sessions.db 600", "sessions.db-wal 600", "sessions.db.lock 600"], Files().Select(path => $"{Path.GetFileName(path)} {Modes.Of(path)}"));
        Assert.All(Files().Where(path => new FileInfo(path).Length > 0), path => Assert.DoesNotContain(token.Text, Encoding.Latin1.GetString(File.ReadAllBytes(path)), StringComparison.Ordinal));
    }

    [Fact]
    public void A_store_that_was_opened_up_is_closed_again()
    {
        Open().Dispose();
        File.SetUnixFileMode(StorePath, UnixModes.Program);

        Open().Dispose();

        Assert.Equal("600", Modes.Of(StorePath));
    }

    [Fact]
    public void A_store_in_use_is_refused_and_then_free()
    {
        using (Open()) Assert.Equal("StoreInUse", Refused().Code);

        Open().Dispose();
    }

    [Fact]
    public void A_store_half_made_by_a_killed_broker_is_made_anew()
    {
        _folder.Write("state/sessions.db.new", "half");
        _folder.Write("state/sessions.db.new-journal", "half");

        Open().Dispose();

        Assert.Equal(["sessions.db", "sessions.db.lock"], Files().Select(Path.GetFileName));
    }

    public static TheoryData<string, string, string> Foreign => new()
    {
        { "a text", "text", "it is not a database of SQLite" },
        { "an empty file", "empty", "it is not a database of SQLite" },
        { "another program's database", "other", "it is a database of another program" },
        { "a newer version", "newer", "it is of version 2, and this cred-broker reads version 1" },
        { "damage in the middle", "damaged", "it is damaged" },
        { "half of it", "cut", "it is damaged" },
        { "no table", "no table", "it is damaged" },
        { "a session that no broker made", "session", "it has a session that no broker has made" },
        { "a hash that is too short", "hash", "it has a session that no broker has made" },
        { "an idle limit beyond all times", "idle", "it has a session that no broker has made" },
        { "a label that is no text", "label", "it has a session that no broker has made" },
        { "a time beyond all times", "time", "it has a time that no broker has written" },
        { "the log of a store that is gone", "log", "-wal is there without it" },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void What_is_not_a_sound_store_is_refused_and_stays_as_it_is(string why, string what, string because)
    {
        Break(what);
        Dictionary<string, string> before = Hashes();

        Failure failure = Refused();

        Assert.Equal((why, FailureKind.Host, "StoreUnusable"), (why, failure.Kind, failure.Code));
        Assert.StartsWith($"cannot use the store of sessions {StorePath}: ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(because, failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, Hashes());
    }

    [Fact]
    public void A_folder_that_is_open_to_others_is_refused()
    {
        Directory.CreateDirectory(_folder["state"]);
        File.SetUnixFileMode(_folder["state"], (UnixFileMode)0b111_111_111);

        Failure failure = Refused();

        Assert.Equal((FailureKind.Host, "StoreUnusable"), (failure.Kind, failure.Code));
        Assert.Contains("is writable for others", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    private void Break(string what)
    {
        if (what == "log") _folder.Write("state/sessions.db-wal", "x");
        if (what is "text" or "empty") _folder.Write("state/sessions.db", what == "text" ? new string('x', 200) : "");
        if (what is "text" or "empty" or "log") return;
        using (SessionStore store = Open()) Insert(store, [.. Enumerable.Range(0, 200).Select(_ => Session.NewId())]);
        byte[] bytes = File.ReadAllBytes(StorePath);
        if (what == "damaged") bytes.AsSpan(4096, 8192).Fill(0xAA);
        if (what == "cut") bytes = bytes[..(bytes.Length / 2)];
        File.WriteAllBytes(StorePath, bytes);
        string? sql = what switch
        {
            "other" => "PRAGMA application_id = 7",
            "newer" => "PRAGMA user_version = 2",
            "no table" => "DROP TABLE sessions",
            "session" => "UPDATE sessions SET grants = 'a b/c'",
            "hash" => "UPDATE sessions SET token_hash = randomblob(31)",
            "idle" => "UPDATE sessions SET idle_limit = 9223372036854775807",
            "label" => "UPDATE sessions SET label = CAST(x'FF' AS TEXT)",
            "time" => "UPDATE sessions SET ends = 9223372036854775807",
            _ => null,
        };
        if (sql is null) return;
        using SqliteConnection connection = new($"Data Source={StorePath};Pooling=false");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql + "; PRAGMA wal_checkpoint(TRUNCATE)";
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static void Insert(SessionStore store, params string[] ids)
    {
        foreach (string id in ids) Assert.Null(store.Insert(new LiveSession(new Session(id, ["default"], Noon, Noon.AddHours(1)), new SessionToken().Hash, Noon)));
    }

    private LiveSession[] Read()
    {
        using SessionStore store = Open();
        Assert.True(store.TryRead(out IReadOnlyList<LiveSession> sessions, out _));
        return [.. sessions.OrderBy(live => live.Session.Id, StringComparer.Ordinal)];
    }

    private SessionStore Open()
    {
        Assert.True(SessionStore.TryOpen(StorePath, out SessionStore? store, out Failure? failure), failure?.Message);
        return store;
    }

    /// <summary>Refused on opening, or on reading.</summary>
    private Failure Refused()
    {
        if (!SessionStore.TryOpen(StorePath, out SessionStore? store, out Failure? failure)) return failure;
        using (store)
        {
            Assert.False(store.TryRead(out _, out failure));
            return failure ?? throw new UnreachableException();
        }
    }

    private IEnumerable<string> Files() => Directory.EnumerateFiles(_folder["state"]).Order(StringComparer.Ordinal);

    private Dictionary<string, string> Hashes() =>
        Files().Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)).ToDictionary(path => path, path => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))));
}
