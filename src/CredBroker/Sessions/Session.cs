using System;
using System.Buffers;
using System.Collections.Generic;
using System.Security.Cryptography;

namespace CredBroker.Sessions;

/// <summary>Who may ask for what, and until when: a run, or a container that was given a token.</summary>
/// <param name="Id">Ends the role session's name; not a secret.</param>
/// <param name="Grants">Names, at least one; the first serves those who name none. What a name grants is looked up at every request: a grant that is revoked ends there.</param>
/// <param name="IdleLimit">Without a request for this long it ends; null: never.</param>
/// <param name="Label">What its maker calls it; null: nothing.</param>
internal sealed record Session(string Id, IReadOnlyList<string> Grants, DateTimeOffset Created, DateTimeOffset Ends, TimeSpan? IdleLimit = null, string? Label = null)
{
    private const string Letters = "abcdefghijkmnpqrstuvwxyz23456789"; // without those that are mistaken for one another

    private static readonly SearchValues<char> IdLetters = SearchValues.Create(Letters);

    private const int IdLength = 12;

    public static string NewId() => RandomNumberGenerator.GetString(Letters, IdLength);

    public static bool IsId(string text) => text.Length == IdLength && !text.AsSpan().ContainsAnyExcept(IdLetters);
}
