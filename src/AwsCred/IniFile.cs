using System;

namespace AwsCred;

/// <summary>The AWS config and credentials files, as far as a look at one key of one profile goes.</summary>
internal static class IniFile
{
    /// <param name="profile">Its section is <c>[profile]</c> or <c>[profile profile]</c>.</param>
    /// <param name="value">What follows the equals sign, without the spaces around it.</param>
    public static bool TryFind(ReadOnlySpan<byte> text, ReadOnlySpan<byte> profile, ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        bool isInside = false;
        while (text.Length > 0)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text.Slice(0, end);
            text = end < 0 ? default : text.Slice(end + 1);
            if (line.Length > 0 && line[line.Length - 1] == (byte)'\r') line = line.Slice(0, line.Length - 1);
            if (line.Length > 0 && line[0] == (byte)'[')
            {
                isInside = IsSection(line, profile);
                continue;
            }

            int equals = line.IndexOf((byte)'=');
            // A line that begins with a space continues the one before it.
            if (!isInside || equals <= 0 || line[0] is (byte)' ' or (byte)'\t' or (byte)'#' or (byte)';') continue;
            if (!Ascii.EqualsIgnoringCase(Ascii.Trim(line.Slice(0, equals)), key)) continue;
            value = Ascii.Trim(line.Slice(equals + 1));
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>The first word of a command as a shell splits it, as far as paths go: in quotes or up to a space.</summary>
    public static ReadOnlySpan<byte> FirstWord(ReadOnlySpan<byte> command)
    {
        if (command.Length == 0) return command;
        bool isQuoted = command[0] is (byte)'"' or (byte)'\'';
        byte stop = isQuoted ? command[0] : (byte)' ';
        ReadOnlySpan<byte> rest = isQuoted ? command.Slice(1) : command;
        int end = rest.IndexOf(stop);
        return end < 0 ? rest : rest.Slice(0, end);
    }

    private static bool IsSection(ReadOnlySpan<byte> line, ReadOnlySpan<byte> profile)
    {
        int close = line.IndexOf((byte)']');
        if (close < 0) return false;
        ReadOnlySpan<byte> name = Ascii.Trim(line.Slice(1, close - 1));
        if (name.SequenceEqual(profile)) return true;
        return name.StartsWith("profile "u8) && Ascii.Trim(name.Slice("profile "u8.Length)).SequenceEqual(profile);
    }
}
