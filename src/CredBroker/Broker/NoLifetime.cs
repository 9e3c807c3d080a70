using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Hosting;

namespace CredBroker.Broker;

/// <summary>The command decides when the broker ends; the host's own handling of signals would end it first.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
