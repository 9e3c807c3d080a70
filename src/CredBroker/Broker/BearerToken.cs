using System;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CredBroker.Broker;

/// <summary>The token in a request's Authorization header.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>Longer than any token of ours: not worth a hash.</summary>
    private const int MaximumLength = 256;

    /// <summary>With <c>Bearer</c>, as the helper sends it, or raw, as SDKs send theirs to a container endpoint.</summary>
    public static bool TryRead(HttpRequest request, [NotNullWhen(true)] out string? token)
    {
        token = null;
        StringValues header = request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { Length: > 0 } value) return false;
        token = value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? value[Scheme.Length..].Trim() : value;
        return token.Length is > 0 and <= MaximumLength;
    }
}
