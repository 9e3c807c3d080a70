using System;

namespace CredBroker;

/// <summary>URLs that the environment names, and that others would use without saying what is wrong with them.</summary>
internal static class HttpUrl
{
    public static bool IsOne(string? text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp);
}
