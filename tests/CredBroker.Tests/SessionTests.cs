using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using CredBroker.Credentials;
using CredBroker.Sessions;

namespace CredBroker.Tests;

public class SessionTests
{
    [Fact]
    public void A_token_is_32_random_bytes_that_headers_and_files_can_hold()
    {
        SessionToken[] tokens = [.. Enumerable.Range(0, 100).Select(_ => new SessionToken())];

        Assert.All(tokens, token => Assert.Matches(@"\A[A-Za-z0-9_-]{43}\z", token.Text));
        Assert.Equal(100, tokens.Select(token => token.Text).Distinct().Count());
    }

    [Fact]
    public void A_token_is_printed_by_nothing_but_its_text()
    {
        SessionToken token = new();

        Assert.Equal("SessionToken { **** }", token.ToString());
        Assert.Equal("SessionToken { **** }", $"{token}");
    }

    [Fact]
    public void A_table_keeps_the_hash_and_not_the_token()
    {
        SessionTable table = new();
        SessionToken token = new();
        Assert.True(table.TryAdd(new LiveSession(Some.Session, token)));

        LiveSession kept = Assert.Single(table.Live);
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(token.Text)), kept.TokenHash);
        Assert.Equal(Some.Session, kept.Session);
    }

    [Fact]
    public void A_session_is_found_by_its_own_token_alone()
    {
        SessionTable table = new();
        SessionToken first = new(), second = new();
        Session other = Some.Session with { Id = "other2345678" };
        Assert.True(table.TryAdd(new LiveSession(Some.Session, first)));
        Assert.True(table.TryAdd(new LiveSession(other, second)));

        Assert.Same(Some.Session, table.Find(first.Text)?.Session);
        Assert.Same(other, table.Find(second.Text)?.Session);
        Assert.All(
            ["", " ", first.Text[..^1], first.Text[1..], first.Text + "A", "A" + first.Text, first.Text + second.Text, first.Text + "\n", Convert.ToHexString(first.Hash)],
            wrong => Assert.Null(table.Find(wrong)));
        Assert.Null(new SessionTable().Find(first.Text));
    }

    [Fact]
    public void An_id_fits_into_a_role_sessions_name()
    {
        string[] ids = [.. Enumerable.Range(0, 100).Select(_ => Session.NewId())];

        Assert.All(ids, id => Assert.Matches(@"\A[a-z2-9]{12}\z", id));
        Assert.Equal(100, ids.Distinct().Count());
        Assert.Equal("cred-broker-" + ids[0], RoleRequest.For(Some.Grant, ids[0]).SessionName);
    }

    [Fact]
    public void Credentials_are_printed_without_their_secrets()
    {
        AwsCredentials credentials = Some.Credentials(new DateTimeOffset(2026, 3, 14, 15, 0, 0, TimeSpan.Zero));

        Assert.Equal("AwsCredentials { AccessKeyId = ****0001, Expiration = 2026-03-14T15:00:00.0000000+00:00 }", credentials.ToString());
        Assert.DoesNotContain(Sentinel.Secret, $"{new AssumeRoleResult(credentials)}", StringComparison.Ordinal);
        Assert.DoesNotContain(Sentinel.Session, $"{new AssumeRoleResult(credentials)}", StringComparison.Ordinal);
        Assert.Equal("AwsCredentials { AccessKeyId = ****, Expiration = 0001-01-01T00:00:00.0000000+00:00 }", new AwsCredentials("", "", "", default, "", "").ToString());
    }
}
