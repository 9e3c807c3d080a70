using System;
using System.IO;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Amazon.Runtime;
using Amazon.SecurityToken;

namespace CredBroker.Credentials;

/// <summary>
/// Has the SDK's code loaded and compiled, a quarter of a second of work, while a broker does other things at its start: else the first who asks waits for
/// it. By a call that goes nowhere: its answer is in memory, no host is named or reached, and no credentials are looked for.
/// </summary>
internal static class StsWarmUp
{
    private static readonly RoleRequest Nobody = new("arn:aws:iam::000000000000:role/warm-up", "us-east-1", 900, null, null, "warm-up");

    private static readonly byte[] Answer = Encoding.ASCII.GetBytes(Response(
        """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser><AssumedRoleId>a:b</AssumedRoleId><Arn>arn:aws:sts::000000000000:assumed-role/warm-up/warm-up</Arn></AssumedRoleUser>
        <Credentials><AccessKeyId>warm-up</AccessKeyId><SecretAccessKey>warm-up</SecretAccessKey><SessionToken>warm-up</SessionToken><Expiration>2000-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
        """));

    /// <summary>Begins it on another thread. Whatever comes of it, nothing depends on it.</summary>
    public static void Start() => _ = Task.Run(() => RunAsync(CancellationToken.None));

    /// <returns>What the made-up answer says.</returns>
    public static Task<AssumeRoleResult> RunAsync(CancellationToken cancellation)
    {
        AmazonSecurityTokenServiceConfig configuration = HostIdentity.Configuration(Nobody, StsLimits.Usual);
        configuration.ServiceURL = "http://localhost";
        configuration.HttpClientFactory = new Factory();
        return StsRoleAssumer.AssumeAsync(Nobody, configuration, new BasicAWSCredentials("warm-up", "warm-up"), null, cancellation);
    }

    private static string Response(string body) => $"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    private sealed class Factory : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, _) => new ValueTask<Stream>(new Connection()) });
    }

    /// <summary>A server that says the same, whatever it is told.</summary>
    private sealed class Connection : Stream
    {
        private readonly MemoryStream _answer = new(Answer, writable: false);

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => _answer.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _answer.ReadAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count)
        {
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => default;

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
