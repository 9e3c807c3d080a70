using System;
using System.IO;
using System.Net.Sockets;
using System.Threading.Tasks;
using CredBroker.Broker;
using CredBroker.Files;
using Shipped.Tests;

namespace CredBroker.Tests;

/// <summary>A unix socket: who may connect, and what stood in its place.</summary>
public sealed class UnixListenerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string SocketPath => _folder["broker.sock"];

    [Fact]
    public async Task The_helper_gets_credentials()
    {
        await using BrokerUnderTest test = (await StartAsync()).WithGoodSts(TimeProvider.System);

        (int exitCode, string output, string error) = await ClientProgram.RunAsync([ShippedFiles.Helper("linux-x64"), "--grant", "writer"], ("AWS_CRED_URL", test.Addresses[0].CredentialsUrl), ("AWS_CRED_TOKEN", test.Token));

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("\"AccessKeyId\":\"ASIAEXAMPLE0001\"", output, StringComparison.Ordinal);
        Assert.Equal(Some.Role + "-writer", (await test.Cache.Sts.NextAsync()).Request.RoleArn);
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("localhost:80", 200)]
    [InlineData("attacker.example", 403)]
    public async Task It_is_known_as(string host, int status)
    {
        await using BrokerUnderTest test = (await StartAsync()).WithGoodSts();

        Wire answer = await Wire.SendAsync(test.Url, $"GET /v1/credentials HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {test.Token}\r\nConnection: close\r\n\r\n");

        Assert.Equal(status, answer.Status);
    }

    [Theory]
    [InlineData("alone", 0b110_000_000, "600")]
    [InlineData("with a group", 0b110_110_000, "660")]
    [InlineData("with everybody", 0b110_110_110, "666")]
    public async Task Shares_the_socket(string why, int mode, string chmod)
    {
        await using BrokerUnderTest test = await StartAsync(new ListenSettings { SocketMode = (UnixFileMode)mode });

        Assert.Equal((why, chmod), (why, Modes.Of(SocketPath)));
    }

    /// <summary>The attack: another user of the host, who knows a token even, connects.</summary>
    [Theory]
    [InlineData("0600", 0b110_000_000, null, 7)]
    [InlineData("0660, and not of the group", 0b110_110_000, null, 7)]
    [InlineData("0660, of the group", 0b110_110_000, 65534, 0)]
    [InlineData("0666", 0b110_110_110, null, 0)]
    public async Task A_second_user(string why, int mode, int? group, int exitCode)
    {
        File.SetUnixFileMode(_folder.FolderPath, (UnixFileMode)0b111_101_101);
        await using BrokerUnderTest test = (await StartAsync(new ListenSettings { SocketMode = (UnixFileMode)mode, SocketGroup = group })).WithGoodSts();

        (int end, string output, _) = await ClientProgram.RunAsync(
            ["/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "/usr/bin/curl", "-s", "--unix-socket", SocketPath, "-H", $"Authorization: Bearer {test.Token}", "http://localhost/v1/credentials"]);

        Assert.Equal((why, exitCode, exitCode == 0), (why, end, output.Contains("ASIA", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_socket_goes_with_the_broker_and_comes_back()
    {
        for (int i = 0; i < 2; i++)
        {
            await using (BrokerUnderTest test = await StartAsync()) Assert.Equal(200, (await Wire.AskAsync(test.Url, "GET /healthz HTTP/1.1")).Status);
            Assert.False(File.Exists(SocketPath));
        }
    }

    [Fact]
    public async Task A_dead_brokers_socket_is_replaced()
    {
        LeaveStale();

        await using BrokerUnderTest test = await StartAsync();

        Assert.Equal(200, (await Wire.AskAsync(test.Url, "GET /healthz HTTP/1.1")).Status);
    }

    [Fact]
    public async Task A_live_brokers_is_not()
    {
        await using BrokerUnderTest test = await StartAsync();

        IOException refusal = await Assert.ThrowsAsync<IOException>(() => StartAsync());

        Assert.Contains("is another broker's, which is running", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(200, (await Wire.AskAsync(test.Url, "GET /healthz HTTP/1.1")).Status);
    }

    [Fact]
    public async Task Another_programs_is_not()
    {
        using Socket other = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(SocketPath));
        other.Listen();

        IOException refusal = await Assert.ThrowsAsync<IOException>(() => StartAsync());

        Assert.Contains("another program listens there", refusal.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(SocketPath));
    }

    [Theory]
    [InlineData("a file")]
    [InlineData("a folder")]
    [InlineData("a link to a file")]
    [InlineData("a link to a dead socket")]
    public async Task What_is_no_socket_is_left_alone(string what)
    {
        string other = _folder.Write("other", "precious");
        if (what == "a file") File.WriteAllText(SocketPath, "precious");
        else if (what == "a folder") Directory.CreateDirectory(SocketPath);
        else File.CreateSymbolicLink(SocketPath, other);

        IOException refusal = await Assert.ThrowsAsync<IOException>(() => StartAsync());

        Assert.Contains("is not a socket; it is left alone", refusal.Message, StringComparison.Ordinal);
        Assert.True(Path.Exists(SocketPath));
        Assert.Equal("precious", File.ReadAllText(other));
    }

    [Fact]
    public async Task A_path_that_the_kernel_does_not_take_is_said()
    {
        ListenAddress tooLong = new("/tmp/" + new string('a', 103));

        IOException refusal = await Assert.ThrowsAsync<IOException>(() => BrokerUnderTest.StartAsync((tooLong, ListenSettings.Default)));

        Assert.Contains("at most 107 bytes, and this one has 108", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>The attack: another user swaps the socket for one of their own.</summary>
    [Theory]
    [InlineData("everybody's folder", 0b111_111_111, false)]
    [InlineData("everybody's folder in which only owners remove, as /tmp", 0b001_111_111_111, true)]
    [InlineData("its own", 0b111_000_000, true)]
    public async Task A_folder(string why, int mode, bool isGood)
    {
        string folder = Directory.CreateDirectory(_folder["run"]).FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)mode);
        ListenAddress address = new(Path.Combine(folder, "s"));

        if (isGood) await (await BrokerUnderTest.StartAsync((address, ListenSettings.Default))).DisposeAsync();
        else Assert.Contains("could swap the socket", (await Assert.ThrowsAsync<IOException>(() => BrokerUnderTest.StartAsync((address, ListenSettings.Default)))).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(address.SocketPath), why);
    }

    [Fact]
    public async Task Nothing_stays_of_a_start_that_failed()
    {
        await using BrokerUnderTest test = await BrokerUnderTest.StartAsync();
        ListenAddress taken = new(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, test.Url.Port));

        await Assert.ThrowsAnyAsync<IOException>(() => BrokerUnderTest.StartAsync((new ListenAddress(SocketPath), ListenSettings.Default), (taken, ListenSettings.Default)));

        Assert.False(File.Exists(SocketPath));
        await (await StartAsync()).DisposeAsync();
    }

    [Fact]
    public async Task Several_listeners_serve_at_once_in_their_order()
    {
        await using BrokerUnderTest test = await BrokerUnderTest.StartAsync((new ListenAddress(SocketPath), ListenSettings.Default), (ListenAddress.FreeLoopbackPort, ListenSettings.Default), (ListenAddress.FreeLoopbackPort, ListenSettings.Default));

        Assert.Equal($"unix://{SocketPath}", test.Addresses[0].ToString());
        Assert.NotEqual(test.Addresses[1].EndPoint!.Port, test.Addresses[2].EndPoint!.Port);
        foreach (ListenAddress address in test.Addresses) Assert.Equal(200, (await Wire.AskAsync(new Uri(address.ToString()), "GET /healthz HTTP/1.1")).Status);
    }

    [Theory]
    [InlineData("root", 0)]
    [InlineData("1234", 1234)]
    [InlineData("no-such-group", null)]
    [InlineData("", null)]
    [InlineData("-1", null)]
    public void A_group_has_a_number(string group, int? number) => Assert.Equal(number, UnixSocket.FindGroup(group));

    private Task<BrokerUnderTest> StartAsync(ListenSettings? settings = null) => BrokerUnderTest.StartAsync((new ListenAddress(SocketPath), settings ?? ListenSettings.Default));

    /// <summary>As a killed broker leaves it: .NET removes what it closes, so another name keeps the file there.</summary>
    private void LeaveStale()
    {
        using (Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(_folder["dead.sock"]));
            dead.Listen();
            File.Move(_folder["dead.sock"], SocketPath);
        }

        Assert.True(File.Exists(SocketPath));
        Assert.Equal(UnixModes.PrivateFile & UnixFileMode.UserWrite, File.GetUnixFileMode(SocketPath) & UnixFileMode.UserWrite);
    }
}
