using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Threading.Tasks;

namespace StsSimulator.Tests;

/// <summary>A simulator with one user and a few roles, a clock that stands still, and a client.</summary>
internal sealed class StsUnderTest : IAsyncDisposable
{
    public const string Account = "123456789012";
    public const string AccessKeyId = "AKIAIOSFODNN7EXAMPLE";
    public const string SecretAccessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    public const string UserArn = $"arn:aws:iam::{Account}:user/alice";

    /// <summary>Trusts alice; as generous as a role can be.</summary>
    public const string OpenRole = $"arn:aws:iam::{Account}:role/team/open";

    /// <summary>Trusts alice; all is as AWS has it by default.</summary>
    public const string PlainRole = $"arn:aws:iam::{Account}:role/plain";

    /// <summary>Trusts the whole account, with an external id.</summary>
    public const string ExternalIdRole = $"arn:aws:iam::{Account}:role/external";

    /// <summary>Trusts bob only.</summary>
    public const string BobsRole = $"arn:aws:iam::{Account}:role/bobs";

    /// <summary>Trusts sessions of <see cref="OpenRole"/>, for twelve hours.</summary>
    public const string NextRole = "arn:aws:iam::210987654321:role/next";

    /// <summary>Trusts alice with a code of her device, and sessions of <see cref="OpenRole"/>.</summary>
    public const string MfaRole = $"arn:aws:iam::{Account}:role/mfa";

    /// <summary>Trusts sessions of <see cref="OpenRole"/>, with tags.</summary>
    public const string TaggedRole = $"arn:aws:iam::{Account}:role/tagged";

    public const string MfaSerial = $"arn:aws:iam::{Account}:mfa/alice";

    public const string DisabledRegion = "ap-east-1";

    private readonly HttpClient client = new();

    private StsUnderTest(SimulatedSts sts, FakeClock clock)
    {
        Sts = sts;
        Clock = clock;
    }

    public SimulatedSts Sts { get; }

    public FakeClock Clock { get; }

    public HttpClient Client => client;

    public RequestSigner Alice => new(AccessKeyId, SecretAccessKey) { Time = Clock.GetUtcNow() };

    public static async Task<StsUnderTest> StartAsync()
    {
        FakeClock clock = new();
        return new StsUnderTest(await SimulatedSts.StartAsync(Configuration, clock), clock);
    }

    public static StsConfiguration Configuration { get; } = new()
    {
        Users = [new SimulatedUser { AccountId = Account, Name = "alice", AccessKeyId = AccessKeyId, SecretAccessKey = SecretAccessKey, MfaSerial = MfaSerial, MfaCodes = ["123456", "234567"] }],
        Roles =
        [
            new SimulatedRole
            {
                Arn = OpenRole,
                TrustedPrincipals = [UserArn],
                MaxSessionDuration = TimeSpan.FromHours(12),
                AllowsSourceIdentity = true,
                AllowsTags = true,
            },
            new SimulatedRole { Arn = PlainRole, TrustedPrincipals = [UserArn] },
            new SimulatedRole { Arn = ExternalIdRole, TrustedPrincipals = [$"arn:aws:iam::{Account}:root"], ExternalId = "the:id" },
            new SimulatedRole { Arn = MfaRole, TrustedPrincipals = [UserArn, OpenRole], RequiresMfa = true, AllowsTags = true },
            new SimulatedRole { Arn = TaggedRole, TrustedPrincipals = [OpenRole], AllowsTags = true },
            new SimulatedRole { Arn = BobsRole, TrustedPrincipals = [$"arn:aws:iam::{Account}:user/bob"] },
            new SimulatedRole { Arn = NextRole, TrustedPrincipals = [OpenRole], MaxSessionDuration = TimeSpan.FromHours(12) },
        ],
        DisabledRegions = [DisabledRegion],
    };

    /// <summary>A good AssumeRole, with these parameters set instead (to null: left out).</summary>
    public static Dictionary<string, string> AssumeRole(params (string Name, string? Value)[] parameters)
    {
        Dictionary<string, string> all = new()
        {
            ["Action"] = "AssumeRole",
            ["Version"] = "2011-06-15",
            ["RoleArn"] = OpenRole,
            ["RoleSessionName"] = "a-session",
        };
        foreach ((string name, string? value) in parameters)
        {
            all.Remove(name);
            if (value is not null)
                all[name] = value;
        }
        return all;
    }

    public static Dictionary<string, string> Action(string name) => new() { ["Action"] = name, ["Version"] = "2011-06-15" };

    public async Task<StsReply> SendAsync(HttpRequestMessage request)
    {
        using (request)
        using (HttpResponseMessage response = await client.SendAsync(request))
            return await StsReply.ReadAsync(response);
    }

    public Task<StsReply> PostAsync(Dictionary<string, string> parameters, RequestSigner? signer = null) =>
        SendAsync((signer ?? Alice).Post(Sts.Url, parameters));

    /// <summary>A signer with the credentials of an answer.</summary>
    public RequestSigner SignerOf(StsReply reply) => new(reply["AccessKeyId"]!, reply["SecretAccessKey"]!)
    {
        SessionToken = reply["SessionToken"],
        Time = Clock.GetUtcNow(),
    };

    public string? LastOutcome => Sts.Calls[Sts.Calls.Count - 1].Outcome;

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await Sts.DisposeAsync();
    }
}
