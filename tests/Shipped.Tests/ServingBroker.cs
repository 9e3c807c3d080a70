using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>A published <c>cred-broker serve</c> that listens, and its control socket.</summary>
internal sealed class ServingBroker : IDisposable
{
    private readonly HttpClient _control;
    private readonly HttpClient _http = new();

    private ServingBroker(ProcessRun process, Uri url, string control)
    {
        Process = process;
        Url = url;
        Control = control;
        _control = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, _) => ConnectAsync(control) }) { BaseAddress = new Uri("http://localhost") };
    }

    public ProcessRun Process { get; }

    public Uri Url { get; }

    public string Control { get; }

    public static async Task<ServingBroker> StartAsync(HostUnderTest host, params string[] arguments)
    {
        ProcessRun process = ProcessRun.Start([ShippedFiles.Broker, "serve", .. arguments], host.Environment);
        string url = await process.LineAsync(), control = await process.LineAsync();
        if (control.Length == 0) Assert.Fail($"serve did not start: {url}{(await process.EndAsync()).Error}");
        return new ServingBroker(process, new Uri(url["AWS_CRED_URL=".Length..]), control["CRED_BROKER_CONTROL=".Length..]);
    }

    public async Task<(string Id, string Token)> CreateAsync(string body = """{"grants":["default"]}""")
    {
        using HttpResponseMessage response = await _control.PostAsync(new Uri("/v1/sessions", UriKind.Relative), new StringContent(body));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        JsonElement made = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;
        return (made.GetProperty("id").GetString()!, made.GetProperty("token").GetString()!);
    }

    public async Task RevokeAsync(string id)
    {
        using HttpResponseMessage response = await _control.DeleteAsync(new Uri("/v1/sessions/" + id, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    public async Task<IReadOnlySet<string>> ListAsync()
    {
        byte[] body = await _control.GetByteArrayAsync(new Uri("/v1/sessions", UriKind.Relative));
        return JsonDocument.Parse(body).RootElement.EnumerateArray().Select(session => session.GetProperty("id").GetString()!).ToHashSet();
    }

    /// <summary>Asks for credentials, as clients do: one that is told to come back does.</summary>
    public async Task<HttpStatusCode> AskAsync(string token)
    {
        HttpStatusCode status;
        do status = await AskOnceAsync(token);
        while (status == HttpStatusCode.ServiceUnavailable);
        return status;
    }

    public async Task<HttpStatusCode> AskOnceAsync(string token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await _http.SendAsync(request);
        return response.StatusCode;
    }

    public void Dispose()
    {
        Process.Dispose();
        _control.Dispose();
        _http.Dispose();
    }

    private static async ValueTask<Stream> ConnectAsync(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        return new NetworkStream(socket, ownsSocket: true);
    }
}
