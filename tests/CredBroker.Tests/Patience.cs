using System;

namespace CredBroker.Tests;

internal static class Patience
{
    /// <summary>What ends a test that waits for something that never comes. No test passes by waiting this long.</summary>
    public static readonly TimeSpan Test = TimeSpan.FromSeconds(30);
}
