using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using CredBroker.Grants;

namespace CredBroker.Commands;

/// <summary>The options of <c>grant aws</c> that narrow a grant's sessions and mark them.</summary>
internal sealed class ScopeOptions
{
    private readonly Option<string?> _policy = new("--policy") { HelpName = "FILE", Description = "A session policy, as JSON: sessions may do what both it and the role allow; the grant keeps a copy" };
    private readonly Option<string?> _preset = new("--preset") { HelpName = "NAME", Description = $"A session policy that is built in: {string.Join("; ", SessionPreset.All.Select(preset => $"{preset.Name} ({preset.Purpose}; sets {string.Join(" ", preset.Environment.Select(variable => $"{variable.Key}={variable.Value}"))} for COMMAND)"))}" };
    private readonly Option<string[]> _allow = new("--allow") { HelpName = "ACTION", Description = "Allow only this, as s3:GetObject or s3:*; repeatable; builds the session policy with --resource" };
    private readonly Option<string[]> _resource = new("--resource") { HelpName = "ARN", Description = "What --allow is for, as arn:aws:s3:::bucket/*; repeatable" };
    private readonly Option<string[]> _policyArn = new("--policy-arn") { HelpName = "ARN", Description = "A managed policy that narrows the sessions; repeatable, up to 10; of several session policies, inline or managed, any one may allow" };
    private readonly Option<string[]> _tag = new("--tag") { HelpName = "K=V", Description = "A session tag; repeatable, up to 50; the role's trust policy must allow sts:TagSession" };
    private readonly Option<string[]> _transitiveTag = new("--transitive-tag") { HelpName = "K", Description = "The key of a --tag that goes on into the next role; repeatable" };
    private readonly Option<string?> _sourceIdentity = new("--source-identity") { HelpName = "NAME", Description = "Who is behind the sessions, in CloudTrail and in roles that they assume; the role's trust policy must allow sts:SetSourceIdentity" };
    private readonly Option<string?> _prefix = new("--session-name-prefix") { HelpName = "TEXT", Description = $"What the AWS sessions' names begin with; '-' and the session's id follow; {SessionName.DefaultPrefix} if not given" };
    private readonly Option<string?> _mfaSerial = new("--mfa-serial") { HelpName = "SERIAL", Description = "The MFA device whose code the role's trust policy asks for; run and serve ask for the code on the terminal, once" };

    public IReadOnlyList<Option> All => [_policy, _preset, _allow, _resource, _policyArn, _tag, _transitiveTag, _sourceIdentity, _prefix, _mfaSerial];

    /// <param name="problem">Why the policy's file cannot be read; null: it can, or there is none.</param>
    public ScopeDraft Read(ParseResult parsed, out string? problem)
    {
        problem = null;
        return new ScopeDraft
        {
            Policy = parsed.GetValue(_policy) is string path ? PolicyFile.Read(path, out problem) : null,
            Preset = parsed.GetValue(_preset),
            Allow = parsed.GetValue(_allow) ?? [],
            Resources = parsed.GetValue(_resource) ?? [],
            PolicyArns = parsed.GetValue(_policyArn) ?? [],
            Tags = parsed.GetValue(_tag) ?? [],
            TransitiveTagKeys = parsed.GetValue(_transitiveTag) ?? [],
            SourceIdentity = parsed.GetValue(_sourceIdentity),
            SessionNamePrefix = parsed.GetValue(_prefix),
            MfaSerial = parsed.GetValue(_mfaSerial),
        };
    }
}
