using System;

namespace AwsCred.Native;

/// <summary>Where the settings and the token come from: the environment, files.</summary>
internal static unsafe class SettingsSource
{
    /// <summary>One longer than a token may be, with its line end, so that a longer one shows.</summary>
    public const int TokenMemory = Settings.MaximumToken + 3;

    /// <summary>From the environment; where it names no broker, from the file beside the program.</summary>
    /// <param name="fileMemory"><see cref="EnvironmentFile.MaximumLength"/> bytes.</param>
    /// <param name="fileEntries">Room for <see cref="EnvironmentFile.MaximumLines"/> pointers and a null.</param>
    /// <param name="path">Where the file was looked for; empty where the environment served.</param>
    public static bool TryRead(EnvironmentBlock environment, byte* fileMemory, byte** fileEntries, scoped ref Text path, out Settings settings, scoped ref Problem problem)
    {
        settings = default;
        if (Settings.NamesBroker(environment)) return Settings.TryRead(environment, environment, out settings, ref problem);
        if (!EnvironmentFile.TryRead(fileMemory, fileEntries, ref path, out bool exists, ref problem)) return false;
        return Settings.TryRead(exists ? new EnvironmentBlock(fileEntries) : environment, environment, out settings, ref problem);
    }

    public static bool TryReadToken(scoped in Settings settings, Span<byte> memory, ref ReadOnlySpan<byte> token, scoped ref Problem problem)
    {
        bool isFile = settings.TokenFile.Length > 0;
        ReadOnlySpan<byte> name = isFile ? settings.TokenFileName : settings.TokenName;
        if (!isFile) token = settings.Token;
        else if (!TokenFile.TryRead(settings.TokenFile, name, memory, out token, ref problem)) return false;
        bool mayBeMissing = settings.IsContainer && !isFile && token.Length == 0;
        return mayBeMissing || Settings.IsToken(token, name, settings.IsContainer, ref problem);
    }
}
