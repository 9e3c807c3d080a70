using System;

namespace CredBroker.Broker;

/// <summary>What is there to be asked for.</summary>
internal enum Resource
{
    None,
    ProcessCredentials,
    ContainerCredentials,
    Health,
    Readiness,
}

/// <summary>
/// What a request asks for, from the bytes of its request line. Exactly one spelling leads to each place: nothing is decoded, no case is folded and
/// no dot segment is resolved, so that nothing between a client and the broker can read a path in another way than the broker does.
/// </summary>
/// <param name="Grant">The grant that it names; null: the session's first.</param>
internal readonly record struct RequestTarget(Resource Resource, string? Grant)
{
    public const string ProcessPath = "/v1/credentials", MoatPath = "/_aws/credentials", ContainerPath = "/v1/container-credentials", HealthPath = "/healthz", ReadinessPath = "/readyz";

    /// <summary>A token has 43 characters: what is nearly as long may be one that got into the wrong place.</summary>
    private const int LongestShown = 39;

    private const int MaximumShown = 128;

    /// <summary>Whether it is a plain path: neither absolute (<c>http://…</c>), as for a proxy, nor percent-encoded, as <c>%2F</c> is. Nothing here needs either.</summary>
    public static bool IsPlain(string rawTarget) => rawTarget.StartsWith('/') && !PathOf(rawTarget).ContainsAny('%', '\\', '\0');

    public static RequestTarget Parse(string rawTarget)
    {
        ReadOnlySpan<char> path = PathOf(rawTarget);
        return path switch
        {
            ProcessPath or MoatPath => new(Resource.ProcessCredentials, null),
            ContainerPath => new(Resource.ContainerCredentials, null),
            HealthPath => new(Resource.Health, null),
            ReadinessPath => new(Resource.Readiness, null),
            _ => TryReadGrant(path, ProcessPath, out string? grant) ? new(Resource.ProcessCredentials, grant)
                : TryReadGrant(path, ContainerPath, out grant) ? new(Resource.ContainerCredentials, grant)
                : default,
        };
    }

    /// <summary>What the log and the audit show of it: no query, nothing that a terminal acts on, nothing that may be a token, and not much of it.</summary>
    public static string Shown(string rawTarget)
    {
        ReadOnlySpan<char> path = PathOf(rawTarget);
        string[] segments = path[..Math.Min(path.Length, MaximumShown)].ToString().Split('/');
        for (int i = 0; i < segments.Length; i++)
        {
            if (segments[i].Length > LongestShown) segments[i] = "...";
        }

        string shown = string.Join('/', segments) + (path.Length > MaximumShown ? "..." : "");
        return string.Create(shown.Length, shown, static (to, from) =>
        {
            for (int i = 0; i < from.Length; i++) to[i] = from[i] is >= '!' and <= '~' ? from[i] : '?';
        });
    }

    private static bool TryReadGrant(ReadOnlySpan<char> path, string before, out string? grant)
    {
        ReadOnlySpan<char> name = path.StartsWith(before, StringComparison.Ordinal) && path.Length > before.Length + 1 && path[before.Length] == '/' ? path[(before.Length + 1)..] : default;
        grant = name.IsEmpty || name.Contains('/') ? null : name.ToString();
        return grant is not null;
    }

    private static ReadOnlySpan<char> PathOf(string rawTarget)
    {
        int query = rawTarget.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? rawTarget : rawTarget.AsSpan(0, query);
    }
}
