using System;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CredBroker.Broker;

/// <summary>The token in a request's Authorization header.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>Longer than any token of ours: not worth a hash.</summary>
    private const int MaximumLength = 256;

    /// <summary>With <c>Bearer</c>, as the helper sends it, or raw, as SDKs send theirs to a container endpoint; empty where there is none.</summary>
    public static ReadOnlySpan<char> Of(HttpRequest request)
    {
        StringValues header = request.Headers.Authorization;
        if (header.Count != 1) return default;
        ReadOnlySpan<char> token = header[0];
        if (token.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) token = token[Scheme.Length..].Trim();
        return token.Length <= MaximumLength ? token : default;
    }
}
