using System;

namespace AwsCred;

/// <summary>The AWS config file, as far as a look at one key of one profile goes.</summary>
internal static class IniFile
{
    /// <param name="profile">Its section is <c>[profile NAME]</c>; that of the default, <c>[default]</c>, too.</param>
    /// <param name="value">What follows the last equals sign of that key, without the spaces around it.</param>
    public static bool TryFind(ReadOnlySpan<byte> text, ReadOnlySpan<byte> profile, ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        value = default;
        bool isInside = false, isFound = false;
        while (text.Length > 0)
        {
            ReadOnlySpan<byte> line = NextLine(ref text);
            if (line.Length > 0 && line[0] == (byte)'[')
            {
                isInside = IsSection(SectionName(line), profile);
                continue;
            }

            int equals = line.IndexOf((byte)'=');
            // A line that begins with a space continues the one before it.
            if (!isInside || equals <= 0 || line[0] is (byte)' ' or (byte)'\t' or (byte)'#' or (byte)';') continue;
            if (!Ascii.EqualsIgnoringCase(Ascii.Trim(line.Slice(0, equals)), key)) continue;
            value = Ascii.Trim(line.Slice(equals + 1));
            isFound = true;
        }

        return isFound;
    }

    /// <summary>Whether there is a section <c>[NAME]</c>, as the credentials file has them: in the config file SDKs pass over it.</summary>
    public static bool HasBareSection(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        while (text.Length > 0)
        {
            ReadOnlySpan<byte> line = NextLine(ref text);
            if (line.Length > 0 && line[0] == (byte)'[' && Unquoted(SectionName(line)).SequenceEqual(name)) return true;
        }

        return false;
    }

    /// <summary>The first word of a command as a shell splits it, as far as paths go: in quotes or up to a space.</summary>
    public static ReadOnlySpan<byte> FirstWord(ReadOnlySpan<byte> command)
    {
        if (command.Length == 0) return command;
        bool isQuoted = command[0] is (byte)'"' or (byte)'\'';
        byte quote = command[0];
        ReadOnlySpan<byte> rest = isQuoted ? command.Slice(1) : command;
        int end = 0;
        while (end < rest.Length && (isQuoted ? rest[end] != quote : rest[end] is not ((byte)' ' or (byte)'\t'))) end++;
        return rest.Slice(0, end);
    }

    private static ReadOnlySpan<byte> NextLine(scoped ref ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? text : text.Slice(0, end);
        text = end < 0 ? default : text.Slice(end + 1);
        return line.Length > 0 && line[line.Length - 1] == (byte)'\r' ? line.Slice(0, line.Length - 1) : line;
    }

    private static bool IsSection(ReadOnlySpan<byte> name, ReadOnlySpan<byte> profile)
    {
        ReadOnlySpan<byte> start = "profile"u8;
        bool isProfile = name.Length > start.Length && name.StartsWith(start) && name[start.Length] is (byte)' ' or (byte)'\t' or (byte)'"' or (byte)'\'';
        if (isProfile) return Unquoted(Ascii.Trim(name.Slice(start.Length))).SequenceEqual(profile);
        return name.SequenceEqual("default"u8) && name.SequenceEqual(profile);
    }

    /// <summary>What stands between the brackets; nothing where they do not close.</summary>
    private static ReadOnlySpan<byte> SectionName(ReadOnlySpan<byte> line)
    {
        int close = line.IndexOf((byte)']');
        return close < 0 ? default : Ascii.Trim(line.Slice(1, close - 1));
    }

    private static ReadOnlySpan<byte> Unquoted(ReadOnlySpan<byte> name)
    {
        bool isQuoted = name.Length >= 2 && name[0] is (byte)'"' or (byte)'\'' && name[name.Length - 1] == name[0];
        return isQuoted ? name.Slice(1, name.Length - 2) : name;
    }
}
