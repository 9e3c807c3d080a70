using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace StsSimulator;

/// <summary>AWS STS on 127.0.0.1, for as long as the object lives.</summary>
public sealed class SimulatedSts : IAsyncDisposable
{
    private const int MaxBodyBytes = 10_000_000;

    private readonly WebApplication host;
    private readonly CallLog log;
    private readonly CancellationTokenSource stopping;

    private SimulatedSts(WebApplication host, CallLog log, Faults faults, CancellationTokenSource stopping)
    {
        this.host = host;
        this.log = log;
        this.stopping = stopping;
        Faults = faults;
        Url = new Uri(host.Urls.Single());
    }

    /// <summary>Where it listens, for <c>--endpoint-url</c> and its kin.</summary>
    public Uri Url { get; }

    /// <summary>Every call so far, in the order in which they came.</summary>
    public IReadOnlyList<RecordedCall> Calls => log.Snapshot();

    public Faults Faults { get; }

    /// <summary>Listens when this is done. The clock decides over skew, expiry and delays.</summary>
    public static async Task<SimulatedSts> StartAsync(StsConfiguration configuration, TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        SigningKeys keys = new(configuration.Users);
        CallLog log = new();
        Faults faults = new(clock);
        SigV4Verifier verifier = new(keys, clock, configuration.AllowedClockSkew);
        StsEndpoint endpoint = new(verifier, new StsActions(configuration, keys, clock), log, faults, clock);

        // The empty builder reads no configuration: no ASPNETCORE_URLS, no appsettings.json, no log.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Listen(IPAddress.Loopback, configuration.Port);
        });
        WebApplication host = builder.Build();
        CancellationTokenSource stopping = new();
        CancellationToken stop = stopping.Token;
        host.Run(context => endpoint.AnswerAsync(context, stop));
        try
        {
            await host.StartAsync();
        }
        catch
        {
            await host.DisposeAsync();
            stopping.Dispose();
            throw;
        }
        return new SimulatedSts(host, log, faults, stopping);
    }

    /// <summary>Cuts off what is still being held.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        await stopping.CancelAsync();
        await host.StopAsync();
        await host.DisposeAsync();
        stopping.Dispose();
    }
}
