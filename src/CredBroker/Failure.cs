using System;
using System.Collections.Generic;
using System.Net;

namespace CredBroker;

/// <summary>What kind of thing went wrong: it alone decides the exit code and the HTTP status.</summary>
internal enum FailureKind
{
    /// <summary>Arguments or environment.</summary>
    Usage,
    NotFound,
    Unauthorized,
    Forbidden,
    MethodNotAllowed,

    /// <summary>A request that no client of ours sends: its connection is not trusted with another.</summary>
    Malformed,

    /// <summary>A request that is one, and asks for what cannot be.</summary>
    Invalid,

    TooLarge,

    /// <summary>Asked too often.</summary>
    TooMany,

    /// <summary>AWS said no, and will say no again until somebody changes something.</summary>
    Refused,

    /// <summary>Not now: unreachable, throttled or still working.</summary>
    Unavailable,

    /// <summary>A file or process of this host.</summary>
    Host,

    /// <summary>A bug.</summary>
    Internal,
}

/// <summary>An expected failure as a value: safe to show to anybody who may ask, with what to do about it.</summary>
/// <param name="Code">One word for programs, for example <c>AccessDenied</c>.</param>
/// <param name="Message">What and why, one sentence without the full stop.</param>
/// <param name="Hint">What to do; null where there is nothing.</param>
/// <param name="Detail">For the broker's log only: what AWS or the system said, in its own words.</param>
/// <param name="RetryAfter">How soon it is worth asking again; null: not said.</param>
internal sealed record Failure(FailureKind Kind, string Code, string Message, string? Hint = null, string? Detail = null, TimeSpan? RetryAfter = null)
{
    public static readonly Failure Stopping = new(FailureKind.Unavailable, "Stopping", "the broker is stopping", "Ask again once it is started.");

    public static readonly Failure Bug = new(FailureKind.Internal, "InternalError", "the broker has an internal error", "The broker's log says more; please report it.");

    /// <summary>Of what somebody wrote, each by itself; empty where the message says it all.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    public int ExitCode => Kind == FailureKind.Usage ? ExitCodes.Usage : ExitCodes.Failed;

    public HttpStatusCode HttpStatus => Kind switch
    {
        FailureKind.NotFound => HttpStatusCode.NotFound,
        FailureKind.Unauthorized => HttpStatusCode.Unauthorized,
        FailureKind.Forbidden => HttpStatusCode.Forbidden,
        FailureKind.MethodNotAllowed => HttpStatusCode.MethodNotAllowed,
        FailureKind.Malformed or FailureKind.Invalid => HttpStatusCode.BadRequest,
        FailureKind.TooLarge => HttpStatusCode.RequestEntityTooLarge,
        FailureKind.TooMany => HttpStatusCode.TooManyRequests,
        FailureKind.Refused => HttpStatusCode.BadGateway,
        FailureKind.Unavailable => HttpStatusCode.ServiceUnavailable,
        _ => HttpStatusCode.InternalServerError,
    };
}

internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>As env(1) and timeout(1) have it, so that <c>run</c>'s own failures and COMMAND's are told apart.</summary>
    public const int RunFailed = 125, CommandNotExecutable = 126, CommandNotFound = 127;
}
