using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;

namespace StsSimulator.Tests;

/// <summary>
/// Signs as a client does, and shares no line with the simulator. The properties are what a test bends to make a signature wrong.
/// </summary>
public sealed record RequestSigner(string AccessKeyId, string SecretAccessKey)
{
    public string? SessionToken { get; init; }

    public required DateTimeOffset Time { get; init; }

    public string Region { get; init; } = "eu-central-1";

    public string Service { get; init; } = "sts";

    public string Terminator { get; init; } = "aws4_request";

    /// <summary>yyyyMMdd; the day of <see cref="Time"/> unless it is given.</summary>
    public string? ScopeDate { get; init; }

    public IReadOnlyList<string> SignedHeaders { get; init; } = ["content-type", "host", "x-amz-date"];

    public HttpRequestMessage Post(Uri url, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        byte[] body = Encoding.ASCII.GetBytes(Query(parameters));
        HttpRequestMessage request = new(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        Sign(request, "", body, SignedHeaders);
        return request;
    }

    public HttpRequestMessage Get(Uri url, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        string sorted = Query(parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal));
        HttpRequestMessage request = new(HttpMethod.Get, new Uri(url, $"/?{Query(parameters)}"));
        Sign(request, sorted, [], [.. SignedHeaders.Where(name => name != "content-type")]);
        return request;
    }

    private void Sign(HttpRequestMessage request, string query, byte[] body, IReadOnlyList<string> names)
    {
        string date = Time.UtcDateTime.ToString("yyyyMMddTHHmmssZ", CultureInfo.InvariantCulture);
        Dictionary<string, string> headers = new() { ["host"] = request.RequestUri!.Authority, ["x-amz-date"] = date };
        if (request.Content?.Headers.ContentType is not null)
            headers["content-type"] = request.Content.Headers.NonValidated["Content-Type"].ToString();
        if (SessionToken is not null)
        {
            headers["x-amz-security-token"] = SessionToken;
            names = [.. names, "x-amz-security-token"];
            request.Headers.Add("X-Amz-Security-Token", SessionToken);
        }

        StringBuilder canonical = new();
        canonical.Append(CultureInfo.InvariantCulture, $"{request.Method}\n/\n{query}\n");
        foreach (string name in names)
            canonical.Append(CultureInfo.InvariantCulture, $"{name}:{headers[name]}\n");
        canonical.Append(CultureInfo.InvariantCulture, $"\n{string.Join(';', names)}\n{Hex(SHA256.HashData(body))}");

        string day = ScopeDate ?? date[..8];
        string scope = $"{day}/{Region}/{Service}/{Terminator}";
        string toSign = $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())))}";
        byte[] key = Hmac(Hmac(Hmac(Hmac(Encoding.UTF8.GetBytes("AWS4" + SecretAccessKey), day), Region), Service), Terminator);
        request.Headers.Add("X-Amz-Date", date);
        request.Headers.TryAddWithoutValidation("Authorization",
            $"AWS4-HMAC-SHA256 Credential={AccessKeyId}/{scope}, SignedHeaders={string.Join(';', names)}, Signature={Hex(Hmac(key, toSign))}");
    }

    private static string Query(IEnumerable<KeyValuePair<string, string>> parameters) =>
        string.Join('&', parameters.Select(parameter => $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(parameter.Value)}"));

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
