using System;
using System.Collections.Generic;
using System.Linq;
using CredBroker.Sessions;
using StsSimulator.Tests;

namespace CredBroker.Tests;

public class SessionDraftTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void All_of_it()
    {
        SessionDraft draft = new(["reader", "writer"], "1d", "2h", "build 17");

        Assert.True(Accept(draft, out Session? session, out _));

        DateTimeOffset now = _clock.GetUtcNow();
        Assert.True(Session.IsId(session!.Id));
        Assert.Equal(["reader", "writer"], session.Grants);
        Assert.Equal((now, now + TimeSpan.FromDays(1), TimeSpan.FromHours(2), "build 17"), (session.Created, session.Ends, session.IdleLimit, session.Label));
    }

    [Fact]
    public void The_least_of_it_lasts_12_hours()
    {
        Assert.True(Accept(new SessionDraft(["reader"]), out Session? session, out _));

        Assert.Equal((TimeSpan.FromHours(12), null, null), (session!.Ends - session.Created, session.IdleLimit, session.Label));
    }

    public static TheoryData<string, string[], string?, string?, string?, string[]> Mistakes => new()
    {
        { "no grant", [], null, null, null, ["grants: there is none"] },
        { "a grant that is not there", ["none"], null, null, null, ["grants: there is no grant 'none'; make it: cred-broker grant aws --name none --role ROLE-ARN"] },
        { "a grant twice", ["reader", "reader"], null, null, null, ["grants: 'reader' is named more than once"] },
        { "no name of a grant", ["../reader"], null, null, null, ["grants: the name '../reader' must be letters"] },
        { "too many grants", [.. Enumerable.Repeat("reader", 17)], null, null, null, ["grants: there are 17, and a session has at most 16", "grants: 'reader' is named more than once"] },
        { "a long label", ["reader"], null, null, new string('x', 101), ["label: it has 101 characters"] },
        { "a label that a terminal acts on", ["reader"], null, null, "\e[2J", ["label: it has a character that is not a printable one"] },
        { "an empty time", ["reader"], "", null, null, ["ttl: '' is not a duration"] },
        { "all at once", ["none"], "1s", "31d", "\n", ["grants: there is no grant 'none'", "ttl: '1s' is shorter than 1m", "idle: '31d' is longer than 30d", "label: it has"] },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake(string why, string[] grants, string? ttl, string? idle, string? label, string[] expected)
    {
        Assert.False(Accept(new SessionDraft(grants, ttl, idle, label), out Session? session, out IReadOnlyList<string> problems));

        Assert.Equal((why, null, expected.Length), (why, session, problems.Count));
        Assert.All(expected.Zip(problems), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }

    private bool Accept(SessionDraft draft, out Session? session, out IReadOnlyList<string> problems) =>
        draft.TryAccept(name => name is "reader" or "writer" ? Some.Grant with { Name = name } : null, _clock, out session, out problems);
}
