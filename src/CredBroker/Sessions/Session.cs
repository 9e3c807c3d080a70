using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using CredBroker.Grants;

namespace CredBroker.Sessions;

/// <summary>Who may ask for what: a run, or a container that was given a token.</summary>
/// <param name="Id">Ends the role session's name; not a secret.</param>
/// <param name="Grants">At least one; the first serves those who name none.</param>
internal sealed record Session(string Id, IReadOnlyList<Grant> Grants)
{
    private const string Letters = "abcdefghijkmnpqrstuvwxyz23456789"; // without those that are mistaken for one another

    private const int IdLength = 12;

    public static string NewId() => RandomNumberGenerator.GetString(Letters, IdLength);

    public static bool IsId(string text) => text.Length == IdLength && text.All(Letters.Contains);
}
