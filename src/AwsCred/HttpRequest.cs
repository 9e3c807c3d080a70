using System;

namespace AwsCred;

/// <summary>The one request that the helper makes.</summary>
internal static class HttpRequest
{
    public const int Memory = BrokerUrl.MaximumLength * 2 + Arguments.MaximumGrant + Settings.MaximumToken + 512;

    /// <param name="grant">Which of the session's grants; empty: the first.</param>
    /// <param name="scheme"><c>Bearer </c>, or nothing where the token is the whole header.</param>
    /// <param name="token">Empty: no header.</param>
    public static void Append(in BrokerUrl url, ReadOnlySpan<byte> grant, ReadOnlySpan<byte> scheme, ReadOnlySpan<byte> token, ref Text text)
    {
        text.Append("GET "u8);
        int query = url.Target.IndexOf((byte)'?');
        ReadOnlySpan<byte> path = query < 0 ? url.Target : url.Target.Slice(0, query);
        text.Append(path);
        if (grant.Length > 0 && path[path.Length - 1] != (byte)'/') text.Append((byte)'/');
        text.Append(grant);
        text.Append(url.Target.Slice(path.Length));
        text.Append(" HTTP/1.1\r\nHost: "u8);
        text.Append(url.Authority);
        text.Append("\r\nUser-Agent: aws-cred/"u8);
        text.Append(BuildFacts.Version);
        text.Append("\r\nAccept: application/json\r\nConnection: close\r\n"u8);
        if (token.Length > 0)
        {
            text.Append("Authorization: "u8);
            text.Append(scheme);
            text.Append(token);
            text.Append("\r\n"u8);
        }

        text.Append("\r\n"u8);
    }
}
