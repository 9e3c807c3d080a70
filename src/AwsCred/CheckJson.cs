using System;

namespace AwsCred;

/// <summary>The report as one JSON object. Its texts are printable ASCII.</summary>
internal static class CheckJson
{
    public static void AppendStart(ref Text json)
    {
        json.Append("{\"version\":\""u8);
        json.Append(BuildFacts.Version);
        json.Append("\",\"rid\":\""u8);
        json.Append(BuildFacts.Rid);
        json.Append("\",\"checks\":["u8);
    }

    public static void Append(bool isFirst, ReadOnlySpan<byte> name, CheckResult result, in Text text, in Text hint, long microseconds, ref Text json)
    {
        json.Append(isFirst ? "{\"name\":\""u8 : ",{\"name\":\""u8);
        json.Append(name);
        json.Append("\",\"result\":\""u8);
        json.Append(result switch { CheckResult.Ok => "ok"u8, CheckResult.Warn => "warn"u8, CheckResult.Fail => "fail"u8, _ => "skip"u8 });
        json.Append("\",\"text\":\""u8);
        AppendEscaped(text.Written, ref json);
        if (hint.Length > 0)
        {
            json.Append("\",\"hint\":\""u8);
            AppendEscaped(hint.Written, ref json);
        }

        json.Append("\",\"milliseconds\":"u8);
        CheckReport.AppendMilliseconds(microseconds, ref json);
        json.Append((byte)'}');
    }

    public static void AppendEnd(bool hasFailed, ref Text json) => json.Append(hasFailed ? "],\"ok\":false}\n"u8 : "],\"ok\":true}\n"u8);

    private static void AppendEscaped(ReadOnlySpan<byte> printable, ref Text json)
    {
        for (int i = 0; i < printable.Length; i++)
        {
            if (printable[i] is (byte)'"' or (byte)'\\') json.Append((byte)'\\');
            json.Append(printable[i]);
        }
    }
}
