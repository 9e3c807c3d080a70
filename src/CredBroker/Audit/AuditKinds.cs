using System;
using System.Collections.Generic;

namespace CredBroker.Audit;

/// <summary>The kinds as a line has them.</summary>
internal static class AuditKinds
{
    public const string TailRecovered = "tail-recovered";

    private static readonly string[] Names = ["credentials-issued", "request-refused", "session-created", "session-ended", "session-revoked", "grant-stored", "grant-revoked", TailRecovered, "events-lost"];

    public static IReadOnlyList<string> All => Names;

    public static string Name(this AuditKind kind) => Names[(int)kind];

    public static bool IsName(string text) => Array.IndexOf(Names, text) >= 0;
}
