using System.Text;

namespace AwsCred.Tests;

/// <summary>What became of a document: what the helper prints, or what it says is wrong.</summary>
internal sealed unsafe record Parsed(string? Output, Report? Refusal)
{
    public static Parsed Of(string json, long now = 0) => Of(Encoding.UTF8.GetBytes(json), now);

    public static Parsed Of(byte[] json, long now = 0)
    {
        byte* memory = stackalloc byte[Problem.Memory];
        Problem problem = new(memory);
        if (!CredentialDocument.TryParse(json, now, out CredentialDocument document, ref problem)) return new Parsed(null, Report.Of(problem));
        byte* output = stackalloc byte[CredentialDocument.MaximumOutput];
        Text text = new(output, CredentialDocument.MaximumOutput);
        document.AppendTo(ref text);
        return new Parsed(text.Overflowed ? "too long" : Encoding.UTF8.GetString(text.Written), null);
    }

    /// <summary>What is wrong with the document, without the words that stand before it every time.</summary>
    public string? Why => Refusal?.Line.Replace("the broker's answer is not a credential document: ", "", System.StringComparison.Ordinal);
}
