using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using CredBroker.Audit;
using StsSimulator.Tests;

namespace CredBroker.Tests;

/// <summary>A trail in a folder of its own, by a clock that stands still.</summary>
internal sealed class TrailUnderTest : IAsyncDisposable
{
    private TrailUnderTest(long rotateAt)
    {
        Settings = new AuditSettings(Folder["state/audit.jsonl"], RotateAt: rotateAt);
        Trail = Another();
    }

    public static TrailUnderTest Create(long rotateAt = long.MaxValue) => new(rotateAt);

    public TemporaryFolder Folder { get; } = new();

    public AuditSettings Settings { get; }

    public FakeClock Clock { get; } = new();

    public CollectedLog Log { get; } = new();

    public AuditTrail Trail { get; private set; }

    public string[] Lines => File.Exists(Settings.Path) ? File.ReadAllLines(Settings.Path) : [];

    public IEnumerable<AuditRecord> Records => Lines.Select(line => AuditRecord.Parse(System.Text.Encoding.UTF8.GetBytes(line))!);

    /// <summary>One event that is told from others by its number.</summary>
    public static AuditEvent Issuance(int number) =>
        new(AuditKind.CredentialsIssued, Some.Session.Id, Some.Grant.Name, Some.Role, $"ASIAEXAMPLE{number:D4}", new DateTimeOffset(2026, 3, 14, 16, 9, 26, TimeSpan.Zero));

    public AuditTrail Another() => new(Settings, Clock, Log.Broker);

    public async Task IssueAsync(int count, int first = 1)
    {
        for (int number = first; number < first + count; number++) Assert.Null(await Trail.RecordAsync(Issuance(number)));
    }

    public async Task RestartAsync()
    {
        await Trail.DisposeAsync();
        Trail = Another();
    }

    public AuditVerdict Verify(params AuditTail[] expected) => new AuditVerifier(expected).Verify(Settings.Path);

    public async ValueTask DisposeAsync()
    {
        await Trail.DisposeAsync();
        Folder.Dispose();
    }
}
