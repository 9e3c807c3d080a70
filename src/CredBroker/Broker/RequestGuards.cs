using System;
using System.Collections.Generic;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace CredBroker.Broker;

/// <summary>What no client of ours sends, and what it would take to make the broker answer to somebody else. Each guard names its attack.</summary>
internal static class RequestGuards
{
    /// <summary>Why a request is not to be answered, whatever its token; null where it may be.</summary>
    public static Failure? Find(HttpContext context)
    {
        IHttpRequestFeature request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        return Target(request.RawTarget) ?? Framing(request.Headers) ?? Sender(request.Headers) ?? Host(context, request.Headers);
    }

    /// <summary>
    /// Against two readings of one request: a body that a GET does not have is the place to hide a second request in, for whoever reads the lengths in
    /// another way. Only for what takes no body.
    /// </summary>
    public static Failure? Body(IHeaderDictionary headers) =>
        headers.ContentLength > 0 ? new Failure(FailureKind.Malformed, "BodyNotAllowed", "the request has a body, and nothing here takes one") : null;

    /// <summary>Against a proxy's view of the request: an absolute target names a host of its own beside Host, and an encoded slash is one to some and none to others.</summary>
    private static Failure? Target(string rawTarget) =>
        RequestTarget.IsPlain(rawTarget) ? null : new Failure(FailureKind.Malformed, "BadTarget", "the request's target is not a plain path", "Ask for a path as it stands in the README: not a whole URL, and nothing percent-encoded.");

    /// <summary>
    /// Against request smuggling: Transfer-Encoding beside Content-Length, of which one hop reads the one and the next the other. No client of ours sends
    /// chunks. Two different Content-Lengths are refused by Kestrel itself.
    /// </summary>
    private static Failure? Framing(IHeaderDictionary headers) =>
        headers.TransferEncoding.Count > 0 ? new Failure(FailureKind.Malformed, "TransferEncodingNotAllowed", "the request has a Transfer-Encoding, and nothing here takes one") : null;

    /// <summary>Against those who speak for others, and say so: browsers, proxies, and whoever sends two tokens.</summary>
    public static Failure? Sender(IHeaderDictionary headers)
    {
        // Against two tokens of which one hop checks the first and the next the last. Two Hosts are refused by Kestrel itself.
        if (headers.Authorization.Count > 1) return new Failure(FailureKind.Malformed, "RepeatedHeader", "the request has more than one Authorization header");
        foreach (KeyValuePair<string, StringValues> header in headers)
        {
            if (IsOfForwarded(header.Key))
            {
                return new Failure(FailureKind.Forbidden, "ForwardedRequest", "the request was forwarded by a proxy, and the broker answers only its own clients", "Reach the broker directly: by its unix socket, or https.");
            }

            if (IsOfBrowser(header.Key) || header.Key.Equals("User-Agent", StringComparison.OrdinalIgnoreCase) && header.Value.ToString().StartsWith("Mozilla/", StringComparison.OrdinalIgnoreCase))
            {
                return new Failure(FailureKind.Forbidden, "BrowserRequest", "the request comes from a browser, and the broker answers none", "Use aws-cred or an AWS SDK; curl will do to try it.");
            }
        }

        return null;
    }

    /// <summary>Against a server that is talked into asking for others (SSRF), and a reverse proxy that puts the broker on the network: both say for whom they ask.</summary>
    private static bool IsOfForwarded(string header) =>
        header[0] is 'X' or 'x' or 'F' or 'f' or 'V' or 'v' &&
        (header.StartsWith("X-Forwarded", StringComparison.OrdinalIgnoreCase) || header.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase)
            || header.Equals("Forwarded", StringComparison.OrdinalIgnoreCase) || header.Equals("Via", StringComparison.OrdinalIgnoreCase));

    /// <summary>Against a page that a user of this host has open: its scripts reach loopback, too. Browsers set these headers, and scripts cannot take them away.</summary>
    private static bool IsOfBrowser(string header) =>
        header[0] is 'S' or 's' or 'O' or 'o' && (header.StartsWith("Sec-Fetch-", StringComparison.OrdinalIgnoreCase) || header.Equals("Origin", StringComparison.OrdinalIgnoreCase));

    private static Failure? Host(HttpContext context, IHeaderDictionary headers)
    {
        BoundListener listener = context.Features.GetRequiredFeature<BoundListener>();
        IPAddress? local = listener.Address.Scheme == ListenScheme.Unix ? null : context.Connection.LocalIpAddress;
        return listener.Hosts.Contains(headers.Host.ToString(), local) ? null
            : new Failure(FailureKind.Forbidden, "UnknownHost", "the request's Host is not one that this listener is known by", $"Ask at {listener.Address.ToString()}; or, if the name is right, start the broker with --host NAME.");
    }
}
