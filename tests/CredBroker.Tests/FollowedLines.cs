using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace CredBroker.Tests;

/// <summary>The numbers of lines as they come, to wait for.</summary>
internal sealed class FollowedLines
{
    private readonly Channel<long> _coming = Channel.CreateUnbounded<long>();
    private readonly List<long> _numbers = [];

    public IReadOnlyList<long> Numbers => _numbers;

    public void Add(long number) => _coming.Writer.TryWrite(number);

    public async Task WaitForAsync(int count)
    {
        using CancellationTokenSource patience = new(Patience.Test);
        while (_numbers.Count < count) _numbers.Add(await _coming.Reader.ReadAsync(patience.Token));
    }
}
