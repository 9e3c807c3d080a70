using System;
using AwsCred.Native;

namespace AwsCred;

/// <summary>The way to the broker, one step after the other: its name, a connection, TLS.</summary>
internal unsafe ref struct Route
{
    private readonly BrokerUrl _url;
    private readonly Settings _settings;
    private readonly SocketAddress* _memory;
    private int _count;

    /// <param name="memory">On the stack: room for <see cref="Resolver.MaximumAddresses"/>.</param>
    public Route(BrokerUrl url, Settings settings, SocketAddress* memory)
    {
        _url = url;
        _settings = settings;
        _memory = memory;
    }

    public readonly bool HasName => _url.Scheme != BrokerScheme.Unix;
    public readonly bool HasTls => _url.Scheme == BrokerScheme.Https;
    public readonly Span<SocketAddress> Addresses => new(_memory, _count);

    public bool TryResolve(scoped ref Problem problem) => !HasName || Resolver.TryResolve(_url, new Span<SocketAddress>(_memory, Resolver.MaximumAddresses), out _count, ref problem);

    public readonly Outcome TryConnect(out Connection connection, scoped ref Problem problem)
    {
        connection = default;
        int error;
        if (!HasName)
        {
            if (Connection.TryOpenUnix(_url.SocketPath, out connection, out error, ref problem)) return Outcome.Done;
            problem.Advise("Is the broker running, and is its socket mounted here, for this user?"u8);
            return error is Libc.ECONNREFUSED or Libc.ENOENT ? Outcome.Unreachable : Outcome.Final;
        }

        if (!HasTls && !_settings.IsInsecureAllowed && !AreNear(Addresses, ref problem)) return Outcome.Final;
        if (Connection.TryOpen(Addresses, out connection, out error, ref problem)) return Outcome.Done;
        problem.Advise("Is the broker running, and reachable from here at the address in AWS_CRED_URL?"u8);
        return error == Libc.ECONNREFUSED ? Outcome.Unreachable : Outcome.Final;
    }

    /// <summary>Nothing to do where the URL is not https. A connection on which it fails is closed.</summary>
    public readonly bool TryStartTls(ref Connection connection, scoped ref Problem problem)
    {
        if (!HasTls) return true;
        Connection plain = connection;
        if (plain.TryStartTls(_url, _settings, out connection, ref problem)) return true;
        plain.Close();
        return false;
    }

    /// <summary>Whether no address is a public one: there the token and the credentials would cross networks of others in the clear.</summary>
    private static bool AreNear(Span<SocketAddress> addresses, scoped ref Problem problem)
    {
        for (int i = 0; i < addresses.Length; i++)
        {
            if (addresses[i].IsNear) continue;
            problem.Set(ExitCode.Usage, "the broker's address "u8);
            addresses[i].AppendTo(ref problem.Line);
            problem.Line.Append(" is public, and plain http would send the token and the credentials in the clear"u8);
            return problem.Advise("Use https://; or, where the network is known to be private, set AWS_CRED_INSECURE=1."u8);
        }

        return true;
    }
}
