using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;

namespace CredBroker.Commands;

/// <summary>SIGTERM, SIGINT and SIGHUP as the wish to stop in good order.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public StopSignals()
    {
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP]) _registrations.Add(PosixSignalRegistration.Create(signal, Stop));
    }

    public CancellationToken Stopping => _stopping.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _stopping.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true; // the command ends by itself, once all is put away
        _stopping.Cancel();
    }
}
