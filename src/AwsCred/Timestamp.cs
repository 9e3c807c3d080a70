using System;

namespace AwsCred;

/// <summary>Points in time as seconds since 1970-01-01T00:00:00Z, from and to RFC 3339.</summary>
internal static class Timestamp
{
    private const long EndOf9999 = 253_402_300_800;

    /// <summary>
    /// <c>yyyy-MM-ddTHH:mm:ss[.fraction](Z|±hh:mm)</c>. A fraction is dropped, so that nothing seems to last longer than it does.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long seconds)
    {
        seconds = 0;
        if (text.Length < 20) return false;
        if (!TryDigits(text, 0, 4, out int year) || text[4] != (byte)'-' ||
            !TryDigits(text, 5, 2, out int month) || text[7] != (byte)'-' ||
            !TryDigits(text, 8, 2, out int day) || text[10] != (byte)'T' ||
            !TryDigits(text, 11, 2, out int hour) || text[13] != (byte)':' ||
            !TryDigits(text, 14, 2, out int minute) || text[16] != (byte)':' ||
            !TryDigits(text, 17, 2, out int second)) return false;
        if (year < 1970 || month is < 1 or > 12 || day < 1 || day > DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60) return false;

        ReadOnlySpan<byte> zone = text.Slice(19);
        if (zone[0] == (byte)'.')
        {
            int digits = 1;
            while (digits < zone.Length && Ascii.IsDigit(zone[digits])) digits++;
            if (digits == 1) return false;
            zone = zone.Slice(digits);
        }

        if (!TryOffset(zone, out int offset)) return false;
        seconds = Days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
        return seconds is >= 0 and < EndOf9999; // what Append can write
    }

    /// <summary><c>Sun, 06 Nov 1994 08:49:37 GMT</c>, the one form of RFC 9110 that anybody sends.</summary>
    public static bool TryParseHttp(ReadOnlySpan<byte> text, out long seconds)
    {
        seconds = 0;
        if (text.Length != 29 || !text.Slice(25).SequenceEqual(" GMT"u8)) return false;
        ReadOnlySpan<byte> months = "JanFebMarAprMayJunJulAugSepOctNovDec"u8;
        int month = 0;
        while (month < 12 && !text.Slice(8, 3).SequenceEqual(months.Slice(month * 3, 3))) month++;
        if (month == 12 || !TryDigits(text, 5, 2, out int day) || !TryDigits(text, 12, 4, out int year) ||
            !TryDigits(text, 17, 2, out int hour) || !TryDigits(text, 20, 2, out int minute) || !TryDigits(text, 23, 2, out int second)) return false;
        if (year < 1970 || day < 1 || day > DaysInMonth(year, month + 1) || hour > 23 || minute > 59 || second > 60) return false;
        seconds = Days(year, month + 1, day) * 86400 + hour * 3600 + minute * 60 + second;
        return true;
    }

    /// <summary>Appends <c>yyyy-MM-ddTHH:mm:ssZ</c>.</summary>
    public static void Append(long seconds, ref Text text)
    {
        long days = seconds / 86400;
        int rest = (int)(seconds % 86400);
        int year = 1970;
        while (days >= DaysInYear(year)) days -= DaysInYear(year++);
        int month = 1;
        while (days >= DaysInMonth(year, month)) days -= DaysInMonth(year, month++);
        text.AppendPadded(year, 4);
        text.Append((byte)'-');
        text.AppendPadded(month, 2);
        text.Append((byte)'-');
        text.AppendPadded((int)days + 1, 2);
        text.Append((byte)'T');
        text.AppendPadded(rest / 3600, 2);
        text.Append((byte)':');
        text.AppendPadded(rest / 60 % 60, 2);
        text.Append((byte)':');
        text.AppendPadded(rest % 60, 2);
        text.Append((byte)'Z');
    }

    private static bool TryOffset(ReadOnlySpan<byte> zone, out int seconds)
    {
        seconds = 0;
        if (zone.Length == 1) return zone[0] == (byte)'Z';
        if (zone.Length != 6 || zone[0] is not ((byte)'+' or (byte)'-') || zone[3] != (byte)':') return false;
        if (!TryDigits(zone, 1, 2, out int hours) || !TryDigits(zone, 4, 2, out int minutes) || hours > 23 || minutes > 59) return false;
        seconds = (hours * 3600 + minutes * 60) * (zone[0] == (byte)'-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, int start, int count, out int value) =>
        Ascii.TryParseNumber(text.Slice(start, count), 9999, out value);

    private static long Days(int year, int month, int day)
    {
        long days = day - 1;
        for (int y = 1970; y < year; y++) days += DaysInYear(y);
        for (int m = 1; m < month; m++) days += DaysInMonth(year, m);
        return days;
    }

    private static int DaysInYear(int year) => IsLeap(year) ? 366 : 365;

    private static int DaysInMonth(int year, int month) => month switch
    {
        2 => IsLeap(year) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    private static bool IsLeap(int year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}
