using System;
using System.Runtime.CompilerServices;
using AwsCred.Native;

namespace AwsCred;

/// <summary>What someone types inside a container when <c>aws s3 ls</c> fails: each step of a run by itself, and what is around it.</summary>
internal unsafe ref struct Check
{
    /// <summary>boto3 and the .NET SDK ask again on every call below this.</summary>
    private const int AsksAgainMinutes = 15;

    private const int FewDays = 14;

    private EnvironmentBlock _environment;
    private ReadOnlySpan<byte> _grant;
    private CheckReport _report;
    private Settings _settings;
    private BrokerUrl _url;
    private ReadOnlySpan<byte> _token;
    private long _clockDifference; // seconds that the broker is ahead
    private bool _knowsClock;

    /// <summary>False, with the exit code in the problem, where a check fails.</summary>
    [SkipLocalsInit]
    public static bool TryRun(EnvironmentBlock environment, ReadOnlySpan<byte> grant, bool isJson, scoped ref Problem problem)
    {
        byte** fileEntries = stackalloc byte*[EnvironmentFile.MaximumLines + 1];
        Check check = new() { _environment = environment, _grant = grant, _report = new CheckReport(isJson, RunMemory.CheckReport) };
        CheckReport.EndAtDeadline(&check._report);
        bool canAsk = check.TryConfiguration(fileEntries, ref problem);
        if (canAsk) check.Broker(ref problem);
        OverridesCheck.Run(environment, check._settings.IsContainer, ref check._report);
        AwsConfigCheck.Run(environment, ref check._report);
        problem.Set(check._report.HasFailed ? ExitCode.Failed : ExitCode.Done, default);
        return check._report.TryFinish(ref problem) && !check._report.HasFailed;
    }

    private bool TryConfiguration(byte** fileEntries, scoped ref Problem problem)
    {
        _report.Begin("settings"u8);
        byte* pathMemory = stackalloc byte[SmallFile.MaximumPath];
        Text path = new(pathMemory, SmallFile.MaximumPath);
        if (!SettingsSource.TryRead(_environment, RunMemory.File, fileEntries, ref path, out _settings, ref problem)) return _report.Fail(problem);
        byte* tokenProblemMemory = stackalloc byte[Problem.Memory];
        Problem tokenProblem = new(tokenProblemMemory);
        _report.Begin("token"u8); // a file may not answer
        bool hasToken = TryToken(ref tokenProblem);
        _report.Begin("settings"u8);
        _report.Text.Append(_settings.UrlName);
        _report.Text.Append(" and "u8);
        _report.Text.Append(_settings.TokenFile.Length > 0 ? _settings.TokenFileName : _settings.TokenName);
        _report.Text.Append(path.Length == 0 ? " from the environment"u8 : " from "u8);
        if (path.Length > 0) _report.Text.AppendUntrusted(path.Written.Slice(0, path.Length - 1), 300);
        _report.End(CheckResult.Ok);

        _report.Begin("url"u8);
        if (!BrokerUrl.TryParse(_settings.Url, out _url, ref problem)) return _report.Fail(problem);
        int query = _settings.Url.IndexOf((byte)'?'); // where others keep secrets
        _report.Text.AppendUntrusted(query < 0 ? _settings.Url : _settings.Url.Slice(0, query), 300);
        _report.End(CheckResult.Ok);

        _report.Begin("token"u8);
        if (!hasToken) return _report.Fail(tokenProblem);
        if (_token.Length == 0) _report.Text.Append("none, as container credentials may have it"u8);
        else AppendFingerprint();
        _report.End(CheckResult.Ok);
        return true;
    }

    /// <summary>Before the first line, since any may repeat it; one that is refused is kept out of them, too.</summary>
    private bool TryToken(scoped ref Problem problem)
    {
        bool isToken = SettingsSource.TryReadToken(_settings, new Span<byte>(RunMemory.Token, SettingsSource.TokenMemory), ref _token, ref problem);
        fixed (byte* start = _token) _report.Token = start; // static or in the environment: it does not move
        _report.TokenLength = _token.Length;
        return isToken;
    }

    /// <summary>Tells one token from another, and nothing of it: 32 bits of its SHA-256.</summary>
    private void AppendFingerprint()
    {
        byte* digest = stackalloc byte[32];
        bool hasDigest = OpenSsl.TryStart();
        if (hasDigest)
        {
            fixed (byte* start = _token) hasDigest = OpenSsl.SHA256(start, _token.Length, digest) != null;
        }

        if (!hasDigest)
        {
            _report.Text.Append("there; without OpenSSL it has no fingerprint"u8);
            return;
        }

        _report.Text.AppendNumber(_token.Length);
        _report.Text.Append(" bytes, SHA-256 begins "u8);
        for (int i = 0; i < 4; i++)
        {
            _report.Text.Append("0123456789abcdef"u8[digest[i] >> 4]);
            _report.Text.Append("0123456789abcdef"u8[digest[i] & 15]);
        }
    }

    private void Broker(scoped ref Problem problem)
    {
        SocketAddress* memory = stackalloc SocketAddress[Resolver.MaximumAddresses];
        Route route = new(_url, _settings, memory);
        if (!TryReach(ref route, out Connection connection, ref problem)) return;
        Health(connection, ref problem);
        Credentials(route, ref problem);
        ClockCheck.Run(_knowsClock, _clockDifference, ref _report);
    }

    private bool TryReach(scoped ref Route route, out Connection connection, scoped ref Problem problem)
    {
        connection = default;
        _report.Begin("name"u8);
        if (!route.TryResolve(ref problem)) return _report.Fail(problem);
        if (!route.HasName) _report.Skip("a unix socket has none"u8);
        else Addresses(route.Addresses);

        _report.Begin("connection"u8);
        if (route.TryConnect(out connection, ref problem) != Outcome.Done) return _report.Fail(problem);
        _report.Text.Append(route.HasName ? "made"u8 : "to the socket"u8);
        _report.End(CheckResult.Ok);

        _report.Begin("tls"u8);
        if (!route.TryStartTls(ref connection, ref problem)) return _report.Fail(problem);
        if (route.HasTls) Certificate(connection.Tls);
        else _report.Skip(route.HasName ? "plain http to an address of the user's own networks"u8 : "a unix socket needs none"u8);
        return true;
    }

    private void Addresses(scoped Span<SocketAddress> addresses)
    {
        for (int i = 0; i < addresses.Length; i++)
        {
            if (i > 0) _report.Text.Append(", "u8);
            addresses[i].AppendTo(ref _report.Text);
        }

        _report.End(CheckResult.Ok);
    }

    private void Certificate(Tls tls)
    {
        tls.Describe(ref _report.Text, out int daysLeft);
        if (daysLeft < FewDays) _report.Hint.Append("Renew the broker's certificate soon."u8);
        _report.End(daysLeft < FewDays ? CheckResult.Warn : CheckResult.Ok);
    }

    private void Health(Connection connection, scoped ref Problem problem)
    {
        _report.Begin("health"u8);
        BrokerUrl health = _url;
        health.Target = "/healthz"u8;
        if (Ask(connection, health, default, default, out HttpReply reply, ref problem) != Outcome.Done)
        {
            _report.Fail(problem);
            return;
        }

        long here = Clock.UtcSeconds();
        _knowsClock = Timestamp.TryParseHttp(reply.Date, out long there);
        _clockDifference = there - here;
        _report.Text.Append("/healthz answered "u8);
        _report.Text.AppendNumber(reply.Status);
        if (reply.Status != 200) _report.Hint.Append("Not every broker has it; the credentials below say more."u8);
        _report.End(reply.Status == 200 ? CheckResult.Ok : CheckResult.Warn);
    }

    /// <summary>By a connection of its own: a request ends it.</summary>
    private void Credentials(scoped in Route route, scoped ref Problem problem)
    {
        _report.Begin("credentials"u8);
        if (route.TryConnect(out Connection connection, ref problem) != Outcome.Done || !route.TryStartTls(ref connection, ref problem) ||
            Ask(connection, _url, _grant, _token, out HttpReply reply, ref problem) != Outcome.Done ||
            BrokerAnswer.Judge(reply, out CredentialDocument document, out _, ref problem) != Outcome.Done)
        {
            _report.Fail(problem);
            return;
        }

        long minutes = (document.Expiration - Clock.UtcSeconds()) / 60;
        ReadOnlySpan<byte> key = document.AccessKeyId;
        _report.Text.Append("key ending in "u8);
        _report.Text.Append(key.Slice(key.Length > 4 ? key.Length - 4 : 0));
        _report.Text.Append(", until "u8);
        Timestamp.Append(document.Expiration, ref _report.Text);
        _report.Text.Append(", "u8);
        _report.Text.AppendNumber(minutes);
        _report.Text.Append(" minutes left"u8);
        if (minutes < AsksAgainMinutes) _report.Hint.Append("Below 15 minutes boto3 and the .NET SDK ask the broker on every call; the broker's log says why it has no newer ones."u8);
        _report.End(minutes < AsksAgainMinutes ? CheckResult.Warn : CheckResult.Ok);
    }

    private readonly Outcome Ask(Connection connection, BrokerUrl url, ReadOnlySpan<byte> grant, ReadOnlySpan<byte> token, out HttpReply reply, scoped ref Problem problem)
    {
        Text request = new(RunMemory.Request, HttpRequest.Memory);
        HttpRequest.Append(url, grant, _settings.IsContainer ? default : "Bearer "u8, token, ref request);
        Outcome outcome = Fetch.TryExchange(connection, request.Written, new Span<byte>(RunMemory.Received, Fetch.ReceiveMemory), out reply, ref problem);
        connection.Close();
        return outcome;
    }
}
