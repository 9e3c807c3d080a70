using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Broker;
using CredBroker.Files;

namespace CredBroker.Commands;

/// <summary>What the broker answered, or why it could not be asked.</summary>
/// <param name="Body">Empty where there is none.</param>
internal sealed record ControlAnswer(byte[] Body, Failure? Failure);

/// <summary>Speaks with a broker that serves, on its control socket.</summary>
internal sealed class ControlClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>A list of as many sessions as there may be, and room to spare.</summary>
    private const int MaximumAnswer = 32 * 1024 * 1024;

    private readonly string _path;
    private readonly HttpClient _http;

    public ControlClient(string path)
    {
        _path = path;
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = (_, cancellation) => ConnectAsync(path, cancellation),
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://localhost"), Timeout = Limit, MaxResponseContentBufferSize = MaximumAnswer };
    }

    public async Task<ControlAnswer> SendAsync(HttpMethod method, string path, byte[]? body = null)
    {
        if (UnixSocket.WhyNot(_path) is string whyNot) return Refused(new Failure(FailureKind.Usage, "ControlPath", $"--control '{_path}' {whyNot}"));
        try
        {
            using HttpRequestMessage request = new(method, path) { Content = body is null ? null : new ByteArrayContent(body) };
            if (request.Content is not null) request.Content.Headers.ContentType = new("application/json");
            using HttpResponseMessage response = await _http.SendAsync(request);
            byte[] answer = await response.Content.ReadAsByteArrayAsync();
            if (response.IsSuccessStatusCode) return new ControlAnswer(answer, null);
            ControlAnswer refused = Read(response.StatusCode, answer);
            return refused.Failure!.Code != "NotFound" ? refused : Refused(new Failure(FailureKind.Host, "NotTheControlSocket", $"{_path} is a socket for credentials, and not a broker's control socket", "Name the one that cred-broker serve printed as CRED_BROKER_CONTROL with --control."));
        }
        catch (TaskCanceledException)
        {
            return Refused(new Failure(FailureKind.Unavailable, "ControlTimeout", $"the broker at {_path} has not answered for {Limit.TotalSeconds:0} s", "Is it stopped, or its disk full? Its log may say more."));
        }
        catch (HttpRequestException e)
        {
            return Refused(e.InnerException is SocketException socket ? Unreachable(socket) : new Failure(FailureKind.Unavailable, "ControlBroken", $"the broker at {_path} has broken off: {e.Message}", "Is it stopping? Its log may say more."));
        }
    }

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private Failure Unreachable(SocketException e) => e.SocketErrorCode == SocketError.AccessDenied
        ? new Failure(FailureKind.Host, "ControlDenied", $"this user may not speak with the broker at {_path}", "Use the user that cred-broker serve runs as.")
        : new Failure(FailureKind.Unavailable, "NoBroker", $"no broker answers at {_path}: {(!Path.Exists(_path) ? "there is no such socket" : FileStatus.Of(_path).IsSocket ? "nobody listens there any more" : "it is not a socket")}", "Start one: cred-broker serve; or name the socket that it printed with --control.");

    private ControlAnswer Read(HttpStatusCode status, byte[] body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement error = document.RootElement;
            string[] problems = error.TryGetProperty("problems", out JsonElement list) ? [.. list.EnumerateArray().Select(problem => problem.GetString()!)] : [];
            FailureKind kind = status switch
            {
                HttpStatusCode.BadRequest => FailureKind.Usage,
                HttpStatusCode.NotFound => FailureKind.NotFound,
                HttpStatusCode.ServiceUnavailable => FailureKind.Unavailable,
                _ => FailureKind.Host,
            };
            string? hint = error.TryGetProperty("hint", out JsonElement text) ? text.GetString() : null;
            return Refused(new Failure(kind, error.GetProperty("code").GetString()!, error.GetProperty("message").GetString()!, hint) { Problems = problems });
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return Refused(new Failure(FailureKind.Host, "ControlAnswer", $"what listens at {_path} answers {(int)status}, and not as a broker does", "Name the socket of a cred-broker serve with --control."));
        }
    }

    private static ControlAnswer Refused(Failure failure) => new([], failure);
}
