using System;

namespace AwsCred;

/// <summary>What the environment says, not yet parsed. A table of names, the first set URL wins.</summary>
internal ref struct Settings
{
    /// <summary>Room for a JSON web token; an HTTP server takes no longer header.</summary>
    public const int MaximumToken = 8 * 1024;

    /// <summary>The variables that the settings came from, for messages.</summary>
    public ReadOnlySpan<byte> UrlName, TokenName, TokenFileName;

    public ReadOnlySpan<byte> Url;

    /// <summary>As it stands in the variable; empty where there is a file.</summary>
    public ReadOnlySpan<byte> Token;

    public ReadOnlySpan<byte> TokenFile;

    /// <summary>The CA bundle for https and the variable that names it; empty: the usual system paths.</summary>
    public ReadOnlySpan<byte> CaFile, CaFileName;

    /// <summary>Plain http to a public address is allowed, spelled out.</summary>
    public bool IsInsecureAllowed;

    /// <summary>The container variables' token is the whole Authorization header, as AWS has it, and may be missing.</summary>
    public bool IsContainer;

    /// <summary>Whether one of the variables that hold the broker's URL is set.</summary>
    public static bool NamesBroker(EnvironmentBlock environment) =>
        IsSet(environment, "AWS_CRED_URL"u8) || IsSet(environment, "MOAT_AWS_CREDENTIAL_URL"u8) ||
        IsSet(environment, "AGENTOPS_CREDENTIAL_URL"u8) || IsSet(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI"u8);

    /// <param name="environment">Names the broker: the process's environment, or aws-cred.env.</param>
    /// <param name="image">The process's environment: where the image keeps its CA bundle is its own affair.</param>
    public static bool TryRead(EnvironmentBlock environment, EnvironmentBlock image, out Settings settings, scoped ref Problem problem)
    {
        settings = default;
        settings.TakeCaFile(environment);
        if (settings.CaFile.Length == 0) settings.TakeCaFile(image);
        settings.IsInsecureAllowed = environment.TryGet("AWS_CRED_INSECURE"u8, out ReadOnlySpan<byte> insecure) && insecure.SequenceEqual("1"u8);
        if (settings.TryTake(environment, "AWS_CRED_URL"u8, "AWS_CRED_TOKEN"u8, "AWS_CRED_TOKEN_FILE"u8) ||
            settings.TryTake(environment, "MOAT_AWS_CREDENTIAL_URL"u8, "MOAT_AWS_CREDENTIAL_TOKEN"u8, default) ||
            settings.TryTake(environment, "AGENTOPS_CREDENTIAL_URL"u8, "AGENTOPS_CREDENTIAL_TOKEN"u8, default))
        {
            return settings.Token.Length > 0 || settings.TokenFile.Length > 0 || settings.NoToken(ref problem);
        }

        settings.IsContainer = true;
        if (settings.TryTake(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI"u8, "AWS_CONTAINER_AUTHORIZATION_TOKEN"u8, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"u8))
        {
            return true;
        }

        problem.Set(ExitCode.Usage, "no broker is configured: AWS_CRED_URL is not set"u8);
        return problem.Advise("Start the command with `cred-broker run --grant aws -- COMMAND`, or set AWS_CRED_URL and AWS_CRED_TOKEN (see aws-cred --help)."u8);
    }

    /// <summary>Whether a token can stand in a header and says so in the problem where it cannot.</summary>
    public static bool IsToken(ReadOnlySpan<byte> token, ReadOnlySpan<byte> name, bool mayHaveSpaces, ref Problem problem)
    {
        if (token.Length == 0) return Invalid(name, " is empty"u8, ref problem);
        if (token.Length > MaximumToken) return Invalid(name, " is longer than 8192 bytes"u8, ref problem);
        for (int i = 0; i < token.Length; i++)
        {
            if (token[i] == (byte)' ' && mayHaveSpaces && i > 0 && i < token.Length - 1) continue;
            if (token[i] == (byte)' ') return Invalid(name, " contains a space"u8, ref problem);
            if (token[i] is < 0x21 or 0x7F) return Invalid(name, " contains a line break or another control character"u8, ref problem);
            if (token[i] > 0x7E) return Invalid(name, " contains a character outside ASCII"u8, ref problem);
        }

        return true;
    }

    private bool TryTake(EnvironmentBlock environment, ReadOnlySpan<byte> url, ReadOnlySpan<byte> token, ReadOnlySpan<byte> tokenFile)
    {
        if (!environment.TryGet(url, out Url)) return false;
        UrlName = url;
        TokenName = token;
        TokenFileName = tokenFile;
        if (tokenFile.Length > 0 && environment.TryGet(tokenFile, out TokenFile)) return true;
        environment.TryGet(token, out Token);
        return true;
    }

    private static bool IsSet(EnvironmentBlock environment, ReadOnlySpan<byte> name) => environment.TryGet(name, out _);

    private void TakeCaFile(EnvironmentBlock environment)
    {
        CaFileName = "AWS_CRED_CA_FILE"u8;
        if (environment.TryGet(CaFileName, out CaFile)) return;
        CaFileName = "SSL_CERT_FILE"u8;
        if (environment.TryGet(CaFileName, out CaFile)) return;
        CaFileName = "AWS_CA_BUNDLE"u8;
        environment.TryGet(CaFileName, out CaFile);
    }

    private readonly bool NoToken(ref Problem problem)
    {
        problem.Set(ExitCode.Usage, UrlName, " is set, but no token: "u8, TokenName);
        problem.Line.Append(" is not set or empty"u8);
        problem.Advise("Set "u8, TokenName);
        if (TokenFileName.Length > 0) problem.Advise(", or "u8, TokenFileName, " to the file that holds it"u8);
        return problem.Advise("; the broker shows a session's token when it makes the session."u8);
    }

    private static bool Invalid(ReadOnlySpan<byte> name, ReadOnlySpan<byte> why, ref Problem problem)
    {
        problem.Set(ExitCode.Usage, "the token in "u8, name, why);
        return problem.Advise("Copy it again: a token is one word of printable ASCII."u8);
    }
}
