using System;
using System.Threading.Tasks;
using Shipped.Tests;

namespace CredBroker.Tests;

public sealed class HelpTests : IDisposable
{
    private readonly CommandUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Root() => Snapshot.Match(await _test.HelpAsync());

    [Fact]
    public async Task Grant() => Snapshot.Match(await _test.HelpAsync("grant"));

    [Fact]
    public async Task Grant_aws() => Snapshot.Match(await _test.HelpAsync("grant", "aws"));

    [Fact]
    public async Task Run() => Snapshot.Match(await _test.HelpAsync("run"));

    [Fact]
    public async Task Serve() => Snapshot.Match(await _test.HelpAsync("serve"));

    [Fact]
    public async Task Audit_show() => Snapshot.Match(await _test.HelpAsync("audit", "show"));

    [Fact]
    public async Task Audit_verify() => Snapshot.Match(await _test.HelpAsync("audit", "verify"));

    [Fact]
    public async Task Helper_extract() => Snapshot.Match(await _test.HelpAsync("helper", "extract"));

    [Fact]
    public async Task Session_create() => Snapshot.Match(await _test.HelpAsync("session", "create"));
}
