using Microsoft.AspNetCore.Http;

namespace CredBroker.Broker;

/// <summary>An address, and what answers there: credentials, or the control of the broker.</summary>
internal sealed record Listener(ListenAddress Address, RequestDelegate Handle);
