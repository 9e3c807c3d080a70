using System;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CredBroker.Broker;

/// <summary>Each request to the handler of the listener that it came by. Without the web host's pipeline, of which nothing is needed here; one context serves all requests of a connection.</summary>
internal sealed class BrokerApplication(BrokerLog log) : IHttpApplication<BrokerApplication.Exchange>
{
    private volatile bool _isStopping;

    /// <summary>From now on every new request gets a 503.</summary>
    public void Stop() => _isStopping = true;

    public Exchange CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is not IHostContextContainer<Exchange> container) return new Exchange(contextFeatures);
        if (container.HostContext is { } exchange) exchange.Context.Initialize(contextFeatures);
        else container.HostContext = exchange = new Exchange(contextFeatures);
        return exchange;
    }

    public async Task ProcessRequestAsync(Exchange context)
    {
        context.Place.Enter();
        HttpContext http = context.Context;
        try
        {
            Listener listener = context.Place.Listener.Listener;
            if (listener.MaximumBody > 0) http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = listener.MaximumBody;
            await (_isStopping ? Answers.WriteAsync(http, Failure.Stopping) : listener.Handle(http));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to answer any more.
        }
        catch (Exception e) when (!http.Response.HasStarted && e is not BadHttpRequestException)
        {
            // A bug: the log gets it in full, the client nothing of it. What is no HTTP Kestrel answers itself.
            log.RequestFailed(e.ToString());
            await Answers.WriteAsync(http, Failure.Bug);
        }
    }

    public void DisposeContext(Exchange context, Exception? exception)
    {
        context.Place.Leave();
        context.Context.Uninitialize();
    }

    /// <summary>A request and its answer, and the connection's place.</summary>
    internal sealed class Exchange(IFeatureCollection features)
    {
        public DefaultHttpContext Context { get; } = new(features);

        public ConnectionPlaces.Place Place { get; } = features.GetRequiredFeature<ConnectionPlaces.Place>();
    }
}
