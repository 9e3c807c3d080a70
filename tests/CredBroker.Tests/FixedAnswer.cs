using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CredBroker.Tests;

/// <summary>A server that answers the same to everybody, as a proxy on the way to AWS might.</summary>
internal sealed class FixedAnswer(WebApplication application) : IAsyncDisposable
{
    public Uri Url { get; } = new(application.Urls.Single());

    public static async Task<FixedAnswer> StartAsync(int status, string contentType, string body)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        WebApplication application = builder.Build();
        application.Run(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = contentType;
            return context.Response.WriteAsync(body);
        });
        await application.StartAsync();
        return new FixedAnswer(application);
    }

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
    }
}
