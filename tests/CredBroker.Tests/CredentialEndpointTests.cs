using System;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Credentials;

namespace CredBroker.Tests;

/// <summary>Which grant a session gets, in which form, and what it learns of the others.</summary>
public sealed class CredentialEndpointTests : IAsyncLifetime
{
    private BrokerUnderTest _test = null!;

    public async Task InitializeAsync() => _test = (await BrokerUnderTest.StartAsync()).WithGoodSts();

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Theory]
    [InlineData("none named: the session's first", "/v1/credentials", Some.Role)]
    [InlineData("the first by its name", "/v1/credentials/default", Some.Role)]
    [InlineData("the second", "/v1/credentials/writer", Some.Role + "-writer")]
    [InlineData("a query changes nothing", "/v1/credentials/writer?a=b", Some.Role + "-writer")]
    [InlineData("container credentials", "/v1/container-credentials", Some.Role)]
    [InlineData("container credentials of the second", "/v1/container-credentials/writer", Some.Role + "-writer")]
    public async Task A_grant_of_the_session(string why, string path, string role)
    {
        Assert.Equal((why, 200), (why, (await _test.GetAsync(path)).Status));

        Assert.Equal(role, (await _test.Cache.Sts.NextAsync()).Request.RoleArn);
        AuditEvent entry = Assert.Single(_test.Audit.Events);
        Assert.Equal((AuditKind.CredentialsIssued, Some.Session.Id, role, "ASIAEXAMPLE0001"), (entry.Kind, entry.Session, entry.RoleArn, entry.AccessKeyId));
    }

    [Theory]
    [InlineData("one that is there", "/v1/credentials/others")]
    [InlineData("one that is not", "/v1/credentials/nothing")]
    [InlineData("another case", "/v1/credentials/Writer")]
    [InlineData("what is no name", "/v1/credentials/..")]
    [InlineData("container credentials", "/v1/container-credentials/others")]
    public async Task A_grant_of_others_is_not_told_from_none(string why, string path)
    {
        Wire answer = await _test.GetAsync(path);

        Assert.Equal((why, 403), (why, answer.Status));
        Assert.Equal("""{"code":"GrantNotInSession","message":"this session does not have that grant","hint":"It has: default, writer.","Code":"GrantNotInSession","Message":"this session does not have that grant"}""", answer.Body);
        AuditEvent entry = Assert.Single(_test.Audit.Events);
        Assert.Equal((AuditKind.RequestRefused, Some.Session.Id, "GrantNotInSession", path), (entry.Kind, entry.Session, entry.Code, entry.Path));
        Assert.Equal((1, 0), (_test.Counts["GrantNotInSession"], _test.Cache.Sts.Calls));
    }

    [Theory]
    [InlineData("/v1/credentials/writer", 401)]
    [InlineData("/v1/credentials/nothing", 401)]
    [InlineData("/v1/container-credentials", 401)]
    public async Task Without_a_token_no_name_tells_anything(string path, int status) =>
        Assert.Equal(status, (await Wire.AskAsync(_test.Url, $"GET {path} HTTP/1.1")).Status);

    [Theory]
    [InlineData("the session", 401, "Unauthorized")]
    [InlineData("the grant", 404, "GrantNotFound")]
    public async Task What_is_revoked_while_a_request_waits_for_STS_gives_nothing(string revoked, int status, string code)
    {
        _test.Cache.Sts.Answer = null;
        Task<Wire> asked = _test.GetAsync();
        ScriptedSts.Flight flight = await _test.Cache.Sts.NextAsync();
        if (revoked == "the grant") _test.Grants.Remove(Some.Grant.Name);
        else Assert.NotNull(_test.Sessions.Remove(Some.Session.Id));
        flight.End(new AssumeRoleResult(Some.Credentials(_test.Cache.Clock.GetUtcNow() + TimeSpan.FromHours(1), 1)));

        Assert.Equal((revoked, status), (revoked, (await asked).Status));

        AuditEvent entry = Assert.Single(_test.Audit.Events);
        Assert.Equal((AuditKind.RequestRefused, Some.Session.Id, code), (entry.Kind, entry.Session, entry.Code));
    }

    [Fact]
    public async Task A_grant_that_was_revoked_ends_at_the_next_request()
    {
        Assert.Equal(200, (await _test.GetAsync("/v1/credentials/writer")).Status);
        _test.Grants.Remove("writer");

        Wire answer = await _test.GetAsync("/v1/credentials/writer");

        Assert.Equal((404, 200), (answer.Status, (await _test.GetAsync()).Status));
        Assert.Contains("there is no grant 'writer' any more", answer.Body, StringComparison.Ordinal);
        Assert.Equal("writer", Assert.Single(_test.Audit.Refusals).Grant);
    }

    [Theory]
    [InlineData("Authorization: {0}")]
    [InlineData("Authorization: Bearer {0}")]
    public async Task Container_credentials_as_SDKs_read_them(string header)
    {
        Wire answer = await Wire.AskAsync(_test.Url, "GET /v1/container-credentials HTTP/1.1", string.Format(null, header, _test.Token));

        Assert.Equal(
            $$"""{"AccessKeyId":"ASIAEXAMPLE0001","SecretAccessKey":"{{Sentinel.Secret}}","Token":"{{Sentinel.Session}}","Expiration":"2026-03-14T16:09:26Z","RoleArn":"{{Some.Role}}","AccountId":"123456789012"}""",
            answer.Body);
        Assert.Equal((200, "application/json", "no-store"), (answer.Status, answer.Headers["content-type"], answer.Headers["cache-control"]));
    }

    [Fact]
    public async Task Both_forms_are_of_one_issuance_and_a_renewal_has_its_own()
    {
        string first = (await _test.GetAsync()).Body;
        Assert.Contains("ASIAEXAMPLE0001", (await _test.GetAsync("/v1/container-credentials")).Body, StringComparison.Ordinal);
        Assert.Equal(first, (await _test.GetAsync()).Body);
        Assert.Equal(1, _test.Cache.Sts.Calls);
        _test.Cache.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Contains("ASIAEXAMPLE0002", (await _test.GetAsync()).Body, StringComparison.Ordinal);
        Assert.Contains("ASIAEXAMPLE0002", (await _test.GetAsync("/v1/container-credentials")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_credentials_leave_without_their_line()
    {
        _test.Audit.Failure = new Failure(FailureKind.Unavailable, "AuditUnwritable", "the audit cannot be written", "Make room on its disk.", RetryAfter: TimeSpan.FromSeconds(5));

        Wire answer = await _test.GetAsync();

        Assert.Equal((503, "5"), (answer.Status, answer.Headers["retry-after"]));
        Assert.Contains("AuditUnwritable", answer.Body, StringComparison.Ordinal);
        Sentinel.AssertNotIn(answer.All);
    }

    [Fact]
    public async Task Ready_as_long_as_every_role_in_use_has_credentials_and_the_audit_takes_lines()
    {
        await AssertReadyAsync(null);
        await _test.GetAsync();
        await AssertReadyAsync(null);

        _test.Audit.Failure = new Failure(FailureKind.Unavailable, "AuditUnwritable", "no space");
        await AssertReadyAsync("the audit cannot be written");
        _test.Audit.Failure = null;

        _test.Cache.Sts.Answer = (_, _) => CacheUnderTest.Bad();
        await _test.GetAsync("/v1/credentials/writer");
        await AssertReadyAsync("1 of the roles in use has no credentials (AccessDenied)");

        _test.WithGoodSts();
        _test.Cache.Clock.Advance(TimeSpan.FromSeconds(5));
        await _test.GetAsync("/v1/credentials/writer");
        await AssertReadyAsync(null);

        _test.GrantsAreStale = true;
        await AssertReadyAsync("the grants cannot be read");
    }

    /// <param name="why">Null: it is ready.</param>
    private async Task AssertReadyAsync(string? why)
    {
        _test.Cache.Clock.Advance(TimeSpan.FromSeconds(1)); // a look is kept for so long

        Wire answer = await Wire.AskAsync(_test.Url, "GET /readyz HTTP/1.1");

        using JsonDocument body = JsonDocument.Parse(answer.Body);
        if (why is null) Assert.Equal((200, "ready"), (answer.Status, body.RootElement.GetProperty("status").GetString()));
        else Assert.Equal((503, "5", why), (answer.Status, answer.Headers["retry-after"], body.RootElement.GetProperty("message").GetString()));
        // It is for anybody: whose roles these are, it does not say.
        Assert.DoesNotContain("123456789012", answer.All, StringComparison.Ordinal);
    }
}
