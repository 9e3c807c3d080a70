using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace StsSimulator;

/// <summary>A request as it came over the wire; header names are in lower case.</summary>
internal sealed record ReceivedRequest(string Method, string Path, string Query, ILookup<string, string> Headers, byte[] Body)
{
    public string? Header(string name) => Headers[name].FirstOrDefault();

    public static async Task<ReceivedRequest> ReadAsync(HttpContext context, CancellationToken cancel)
    {
        // The parsed path and query are already decoded; a signature is over what was sent.
        string[] target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, cancel);
        return new ReceivedRequest(
            context.Request.Method,
            target[0],
            target.Length == 2 ? target[1] : "",
            LookupOf(context.Request.Headers.SelectMany(header => header.Value.Select(value => (header.Key, value ?? "")))),
            body.ToArray());
    }

    public static ILookup<string, string> LookupOf(IEnumerable<(string Name, string Value)> headers) =>
        headers.ToLookup(header => header.Name.ToLowerInvariant(), header => header.Value);
}
