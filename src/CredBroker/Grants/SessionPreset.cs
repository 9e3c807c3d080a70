using System;
using System.Collections.Generic;
using System.Linq;

namespace CredBroker.Grants;

/// <summary>A session policy that this program knows, and what programs that run under it need to be told.</summary>
/// <param name="Environment">Set for what <c>run</c> starts.</param>
internal sealed record SessionPreset(string Name, string Purpose, Func<Partition, string> PolicyFor, IReadOnlyDictionary<string, string> Environment)
{
    public static IReadOnlyList<SessionPreset> All { get; } =
    [
        new("bedrock", "Anthropic's models on Amazon Bedrock, as Claude Code needs them", Bedrock, new Dictionary<string, string> { ["CLAUDE_CODE_USE_BEDROCK"] = "1" }),
    ];

    public static SessionPreset? Find(string name) => All.FirstOrDefault(preset => preset.Name == name);

    /// <summary>
    /// Converse asks for the permission of InvokeModel. An application inference profile does not name its model, but calling through one needs the permission for
    /// the foundation model behind it, too: that keeps it to Anthropic's. Listing has no resources. Subscribing to a model in the Marketplace is not a session's business.
    /// Sources: code.claude.com/docs/en/amazon-bedrock, "IAM configuration"; Bedrock user guide, "Prerequisites for inference profiles".
    /// </summary>
    private static string Bedrock(Partition partition) => SessionPolicy.Build(
        new PolicyStatement(
            ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
            [
                $"arn:{partition.Name}:bedrock:*::foundation-model/anthropic.*",
                $"arn:{partition.Name}:bedrock:*:*:inference-profile/*anthropic.*",
                $"arn:{partition.Name}:bedrock:*:*:application-inference-profile/*",
            ]),
        new PolicyStatement(["bedrock:GetFoundationModel", "bedrock:GetInferenceProfile", "bedrock:ListFoundationModels", "bedrock:ListInferenceProfiles"], ["*"]));
}
