using System;
using System.Collections.Generic;
using System.Linq;
using CredBroker.Grants;

namespace CredBroker.Sessions;

/// <summary>What somebody asks a session to be, as typed. <see cref="TryAccept"/> is the one place where it is checked.</summary>
/// <param name="Grants">Names, the first of them for those who name none.</param>
/// <param name="Ttl">Null: 12 hours.</param>
/// <param name="Idle">Null: it has no idle end.</param>
internal sealed record SessionDraft(IReadOnlyList<string> Grants, string? Ttl = null, string? Idle = null, string? Label = null)
{
    public const int MaximumGrants = 16, MaximumLabel = 100;

    /// <summary>Reports every problem, not just the first.</summary>
    public bool TryAccept(FindGrant find, TimeProvider clock, out Session? session, out IReadOnlyList<string> problems)
    {
        List<string> found = [.. GrantProblems(find)];
        TimeSpan ttl = SessionTimes.DefaultTtl, idle = default;
        if (Ttl is not null && SessionTimes.WhyNot(Ttl, out ttl) is string whyNotTtl) found.Add($"ttl: {whyNotTtl}");
        if (Idle is not null && SessionTimes.WhyNot(Idle, out idle) is string whyNotIdle) found.Add($"idle: {whyNotIdle}");
        if (Label is not null && WhyNotLabel(Label) is string whyNotLabel) found.Add($"label: it {whyNotLabel}");

        problems = found;
        DateTimeOffset now = clock.GetUtcNow();
        session = found.Count > 0 ? null : new Session(Session.NewId(), [.. Grants], now, now + ttl, Idle is null ? null : idle, string.IsNullOrEmpty(Label) ? null : Label);
        return session is not null;
    }

    private IEnumerable<string> GrantProblems(FindGrant find)
    {
        if (Grants.Count == 0) yield return "grants: there is none, and a session without one could ask for nothing";
        if (Grants.Count > MaximumGrants) yield return $"grants: there are {Grants.Count}, and a session has at most {MaximumGrants}";
        foreach (string name in Grants.Distinct().Take(MaximumGrants))
        {
            if (GrantDraft.WhyNotName(name) is string why) yield return $"grants: the name '{Shortened(name)}' {why}";
            else if (find(name) is null) yield return $"grants: there is no grant '{name}'; make it: {Grant.CommandFor(name)} --role ROLE-ARN";
        }

        foreach (IGrouping<string, string> same in Grants.Take(MaximumGrants).GroupBy(name => name).Where(group => group.Count() > 1))
        {
            yield return $"grants: '{Shortened(same.Key)}' is named more than once";
        }
    }

    /// <summary>It is printed on terminals and in lists.</summary>
    private static string? WhyNotLabel(string label)
    {
        if (label.Length > MaximumLabel) return $"has {label.Length} characters, and must have at most {MaximumLabel}";
        return label.All(c => c is >= ' ' and <= '~') ? null : "has a character that is not a printable one of ASCII";
    }

    private static string Shortened(string name) => name.Length <= 64 ? name : name[..64] + "…";
}
