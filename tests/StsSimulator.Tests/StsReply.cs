using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using System.Xml.Linq;

namespace StsSimulator.Tests;

/// <summary>What came back: status, and the elements of the XML by their names.</summary>
internal sealed record StsReply(int Status, string Text)
{
    private readonly XElement xml = XElement.Parse(Text);

    public string Root => xml.Name.LocalName;

    public string Namespace => xml.Name.NamespaceName;

    public string? Code => this["Code"];

    public string? Message => this["Message"];

    public string? this[string element] => xml.Descendants().FirstOrDefault(child => child.Name.LocalName == element)?.Value;

    public static async Task<StsReply> ReadAsync(HttpResponseMessage response) =>
        new((int)response.StatusCode, await response.Content.ReadAsStringAsync());
}
