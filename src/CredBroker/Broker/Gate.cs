using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace CredBroker.Broker;

/// <summary>Lets requests in once there is somebody to answer them: those that come before wait, so that a broker listens while it still looks for its sessions.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource<RequestDelegate> _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open(RequestDelegate handle) => _open.SetResult(handle);

    /// <summary>There will be nobody: those who wait are told so. Where it is a listener that could not be bound, the server has cut their connections before.</summary>
    public void Close() => _open.TrySetResult(context => Answers.WriteAsync(context, Failure.Stopping));

    public Task HandleAsync(HttpContext context) => _open.Task.IsCompletedSuccessfully ? _open.Task.Result(context) : WaitAsync(context);

    private async Task WaitAsync(HttpContext context)
    {
        RequestDelegate handle = await _open.Task.WaitAsync(context.RequestAborted);
        await handle(context);
    }
}
