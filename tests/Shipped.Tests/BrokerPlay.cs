using System;
using System.Globalization;
using System.Text;
using System.Threading.Tasks;

namespace Shipped.Tests;

internal enum PlayEnd
{
    Close,
    Stall,
    Reset,
}

/// <summary>What the broker does with one connection, once it has read the request.</summary>
internal sealed record BrokerPlay(byte[] Answer, PlayEnd End)
{
    public bool IsByteByByte { get; init; }

    /// <summary>The answer waits for it.</summary>
    public Task Gate { get; init; } = Task.CompletedTask;

    /// <summary>It does not wait for a request in HTTP.</summary>
    public bool IsAtOnce { get; init; }

    /// <summary>For all further connections, too.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>An answer of 200 with a JSON body.</summary>
    public static BrokerPlay Ok(string body) =>
        new(Message($"HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: {{length}}\n\n{body}\n"), PlayEnd.Close);

    /// <param name="title">What comes after "broker" in the title of a case's section: see cases/README.md.</param>
    /// <param name="text">The answer, for those that have one.</param>
    public static BrokerPlay Parse(string title, string text)
    {
        bool isRepeated = title.EndsWith(", always", StringComparison.Ordinal);
        BrokerPlay play = title.Replace(", always", "", StringComparison.Ordinal) switch
        {
            "answers" => new(Message(text), PlayEnd.Close),
            "answers byte by byte" => new(Message(text), PlayEnd.Close) { IsByteByByte = true },
            "answers and stalls" => new(Message(text), PlayEnd.Stall),
            "answers and resets" => new(Message(text), PlayEnd.Reset),
            "stalls" => new([], PlayEnd.Stall),
            "closes" => new([], PlayEnd.Close),
            "resets" => new([], PlayEnd.Reset),
            _ => throw new FormatException($"no broker {title}"),
        };
        return play with { IsRepeated = isRepeated };
    }

    /// <summary>Lines of a header end in CRLF, as do those of chunks; any other body is as it stands, without the last newline.</summary>
    private static byte[] Message(string text)
    {
        int end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0) return Encoding.UTF8.GetBytes(text);
        string head = text[..(end + 2)], body = text[(end + 2)..];
        if (head.Contains("chunked", StringComparison.Ordinal)) body = body.Replace("\n", "\r\n", StringComparison.Ordinal);
        else if (body.EndsWith('\n')) body = body[..^1];
        string length = Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture);
        head = head.Replace("{length}", length, StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(head + body);
    }
}
