using Microsoft.AspNetCore.Http;

namespace CredBroker.Broker;

/// <summary>An address, and what answers there: credentials, or the control of the broker.</summary>
/// <param name="Settings">Null: the defaults.</param>
/// <param name="MaximumBody">In bytes; credentials are asked for without one.</param>
internal sealed record Listener(ListenAddress Address, RequestDelegate Handle, ListenSettings? Settings = null, long MaximumBody = 0);
