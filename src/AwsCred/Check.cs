using System;
using System.Runtime.CompilerServices;
using AwsCred.Native;

namespace AwsCred;

/// <summary>What someone types inside a container when <c>aws s3 ls</c> fails: each step of a run by itself, and what is around it.</summary>
internal unsafe ref struct Check
{
    /// <summary>boto3 and the .NET SDK ask again on every call below this.</summary>
    private const int AsksAgainMinutes = 15;

    /// <summary>AWS refuses signatures that are further off.</summary>
    private const int MaximumClockDifference = 300;

    private const int NoticedClockDifference = 30, FewDays = 14;

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
        bool canAsk = check.TryConfiguration(fileEntries, ref problem);
        if (canAsk) check.Broker(ref problem);
        check.Overrides();
        AwsConfigCheck.Run(environment, ref check._report);
        problem.Set(check._report.HasFailed ? ExitCode.Failed : ExitCode.Done, default);
        return check._report.TryFinish(ref problem) && !check._report.HasFailed;
    }

    private bool TryConfiguration(byte** fileEntries, scoped ref Problem problem)
    {
        byte* pathMemory = stackalloc byte[SmallFile.MaximumPath];
        Text path = new(pathMemory, SmallFile.MaximumPath);
        if (!SettingsSource.TryRead(_environment, RunMemory.File, fileEntries, ref path, out _settings, ref problem)) return Failed("settings"u8, problem);
        _report.Text.Append(_settings.UrlName);
        _report.Text.Append(" and "u8);
        _report.Text.Append(_settings.TokenFile.Length > 0 ? _settings.TokenFileName : _settings.TokenName);
        _report.Text.Append(path.Length == 0 ? " from the environment"u8 : " from "u8);
        if (path.Length > 0) _report.Text.AppendUntrusted(path.Written.Slice(0, path.Length - 1), 300);
        _report.End("settings"u8, CheckResult.Ok);

        if (!BrokerUrl.TryParse(_settings.Url, out _url, ref problem)) return Failed("url"u8, problem);
        int query = _settings.Url.IndexOf((byte)'?'); // where others keep secrets
        _report.Text.AppendUntrusted(query < 0 ? _settings.Url : _settings.Url.Slice(0, query), 300);
        _report.End("url"u8, CheckResult.Ok);

        if (!SettingsSource.TryReadToken(_settings, new Span<byte>(RunMemory.Token, SettingsSource.TokenMemory), ref _token, ref problem)) return Failed("token"u8, problem);
        fixed (byte* start = _token) _report.Token = start; // static or in the environment: it does not move
        _report.TokenLength = _token.Length;
        if (_token.Length == 0) _report.Text.Append("none, as container credentials may have it"u8);
        else AppendFingerprint();
        _report.End("token"u8, CheckResult.Ok);
        return true;
    }

    /// <summary>Tells one token from another, and nothing of it: 32 bits of its SHA-256.</summary>
    private void AppendFingerprint()
    {
        byte* digest = stackalloc byte[32];
        if (!DeferredRelocations.TryApply())
        {
            _report.Text.Append("there; without OpenSSL it has no fingerprint"u8);
            return;
        }

        fixed (byte* start = _token) OpenSsl.SHA256(start, _token.Length, digest);
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
        Span<SocketAddress> addresses = stackalloc SocketAddress[Resolver.MaximumAddresses];
        int count = 0;
        if (_url.Scheme == BrokerScheme.Unix)
        {
            _report.Skip("name"u8, "a unix socket has none"u8);
        }
        else
        {
            if (!Resolver.TryResolve(_url, addresses, out count, ref problem))
            {
                Failed("name"u8, problem);
                return;
            }

            for (int i = 0; i < count; i++)
            {
                if (i > 0) _report.Text.Append(", "u8);
                addresses[i].AppendTo(ref _report.Text);
            }

            _report.End("name"u8, CheckResult.Ok);
        }

        addresses = addresses.Slice(0, count);
        if (!TryConnect(addresses, out Connection connection, isReported: true, ref problem)) return;
        Health(connection, ref problem);
        if (TryConnect(addresses, out connection, isReported: false, ref problem)) Credentials(connection, ref problem);
        ClockDifference();
    }

    private bool TryConnect(scoped Span<SocketAddress> addresses, out Connection connection, bool isReported, scoped ref Problem problem)
    {
        if (_url.Scheme == BrokerScheme.Unix)
        {
            if (!Connection.TryOpenUnix(_url.SocketPath, out connection, out _, ref problem)) return Unreachable(Fetch.NoSocketHint, ref problem);
            if (isReported) EndConnection("to the socket"u8);
            if (isReported) _report.Skip("tls"u8, "a unix socket needs none"u8);
            return true;
        }

        connection = default;
        if (_url.Scheme == BrokerScheme.Http && !_settings.IsInsecureAllowed && !Fetch.AreNear(addresses, ref problem)) return Failed("connection"u8, problem);
        if (!Connection.TryOpen(addresses, out Connection plain, out _, ref problem)) return Unreachable(Fetch.NoConnectionHint, ref problem);
        if (isReported) EndConnection("made"u8);
        connection = plain;
        if (_url.Scheme == BrokerScheme.Http)
        {
            if (isReported) _report.Skip("tls"u8, "plain http to an address of the user's own networks"u8);
            return true;
        }

        if (!plain.TryStartTls(_url, _settings, out connection, ref problem)) return Failed("tls"u8, problem);
        if (!isReported) return true;
        connection.Tls.Describe(ref _report.Text, out int daysLeft);
        if (daysLeft < FewDays) _report.Hint.Append("Renew the broker's certificate soon."u8);
        _report.End("tls"u8, daysLeft < FewDays ? CheckResult.Warn : CheckResult.Ok);
        return true;
    }

    private void EndConnection(ReadOnlySpan<byte> text)
    {
        _report.Text.Append(text);
        _report.End("connection"u8, CheckResult.Ok);
    }

    private void Health(Connection connection, scoped ref Problem problem)
    {
        BrokerUrl health = _url;
        health.Target = "/healthz"u8;
        Fetch.Outcome outcome = Ask(connection, health, default, default, out HttpReply reply, ref problem);
        if (outcome != Fetch.Outcome.Done)
        {
            Failed("health"u8, problem);
            return;
        }

        long here = Clock.UtcSeconds();
        _knowsClock = Timestamp.TryParseHttp(reply.Date, out long there);
        _clockDifference = there - here;
        _report.Text.Append("/healthz answered "u8);
        _report.Text.AppendNumber(reply.Status);
        if (reply.Status != 200) _report.Hint.Append("Not every broker has it; the credentials below say more."u8);
        _report.End("health"u8, reply.Status == 200 ? CheckResult.Ok : CheckResult.Warn);
    }

    private void Credentials(Connection connection, scoped ref Problem problem)
    {
        Fetch fetch = new();
        Fetch.Outcome outcome = Ask(connection, _url, _grant, _token, out HttpReply reply, ref problem);
        if (outcome != Fetch.Outcome.Done || fetch.Judge(reply, out CredentialDocument document, ref problem) != Fetch.Outcome.Done)
        {
            Failed("credentials"u8, problem);
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
        _report.End("credentials"u8, minutes < AsksAgainMinutes ? CheckResult.Warn : CheckResult.Ok);
    }

    private readonly Fetch.Outcome Ask(Connection connection, BrokerUrl url, ReadOnlySpan<byte> grant, ReadOnlySpan<byte> token, out HttpReply reply, scoped ref Problem problem)
    {
        Text request = new(RunMemory.Request, Fetch.RequestMemory);
        Fetch.AppendRequest(url, grant, _settings.IsContainer ? default : "Bearer "u8, token, ref request);
        Fetch fetch = new() { Url = url, Settings = _settings, Request = request.Written, Memory = new Span<byte>(RunMemory.Received, Fetch.ReceiveMemory) };
        Fetch.Outcome outcome = fetch.TryExchange(connection, out reply, ref problem);
        connection.Close();
        return outcome;
    }

    private void ClockDifference()
    {
        if (!_knowsClock)
        {
            _report.Skip("clock"u8, "the broker does not tell its time"u8);
            return;
        }

        long away = _clockDifference < 0 ? -_clockDifference : _clockDifference;
        _report.Text.AppendNumber(away);
        _report.Text.Append(_clockDifference < 0 ? " s ahead of the broker"u8 : " s behind the broker"u8);
        CheckResult result = away >= MaximumClockDifference ? CheckResult.Fail : away >= NoticedClockDifference ? CheckResult.Warn : CheckResult.Ok;
        if (result != CheckResult.Ok) _report.Hint.Append("Set the clock here or on the broker's host: AWS refuses signatures that are 5 minutes off."u8);
        _report.End("clock"u8, result);
    }

    /// <summary>What SDKs look at before the profile's process.</summary>
    private void Overrides()
    {
        Override("AWS_ACCESS_KEY_ID"u8);
        Override("AWS_SECRET_ACCESS_KEY"u8);
        Override("AWS_WEB_IDENTITY_TOKEN_FILE"u8);
        if (!_settings.IsContainer) Override("AWS_CONTAINER_CREDENTIALS_FULL_URI"u8);
        Override("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"u8);
        Override("AWS_BEARER_TOKEN_BEDROCK"u8);
        bool isOverridden = _report.Text.Length > 0;
        if (isOverridden) _report.Hint.Append("SDKs may take these and never ask the helper: unset them for the command."u8);
        else _report.Text.Append("no variable that beats the helper is set"u8);
        _report.End("environment"u8, isOverridden ? CheckResult.Warn : CheckResult.Ok);
    }

    private void Override(ReadOnlySpan<byte> name)
    {
        if (!_environment.TryGet(name, out _)) return;
        if (_report.Text.Length > 0) _report.Text.Append(", "u8);
        _report.Text.Append(name);
        _report.Text.Append(" is set"u8);
    }

    private bool Unreachable(ReadOnlySpan<byte> hint, scoped ref Problem problem)
    {
        problem.Advise(hint);
        return Failed("connection"u8, problem);
    }

    private bool Failed(ReadOnlySpan<byte> name, in Problem problem)
    {
        _report.Fail(name, problem);
        return false;
    }
}
