using System.Text;
using AwsCred.Native;

namespace AwsCred.Tests;

public unsafe class SocketAddressTests
{
    [Theory]
    [InlineData("loopback", "127.0.0.1", true)]
    [InlineData("all of loopback", "127.255.255.254", true)]
    [InlineData("private, 10/8", "10.255.0.1", true)]
    [InlineData("private, 172.16/12: below", "172.15.255.255", false)]
    [InlineData("private, 172.16/12: first", "172.16.0.0", true)]
    [InlineData("Docker's gateway", "172.17.0.1", true)]
    [InlineData("private, 172.16/12: last", "172.31.255.255", true)]
    [InlineData("private, 172.16/12: above", "172.32.0.0", false)]
    [InlineData("private, 192.168/16", "192.168.65.2", true)]
    [InlineData("beside 192.168/16", "192.169.0.1", false)]
    [InlineData("link-local", "169.254.170.2", true)]
    [InlineData("beside link-local", "169.253.0.1", false)]
    [InlineData("shared, 100.64/10: first", "100.64.0.0", true)]
    [InlineData("shared, 100.64/10: last", "100.127.255.255", true)]
    [InlineData("shared, 100.64/10: above", "100.128.0.0", false)]
    [InlineData("public", "203.0.113.7", false)]
    [InlineData("any", "0.0.0.0", false)]
    [InlineData("IPv6 loopback", "::1", true)]
    [InlineData("IPv6 any", "::", false)]
    [InlineData("beside IPv6 loopback", "::2", false)]
    [InlineData("unique local", "fd00:ec2::23", true)]
    [InlineData("unique local, the other half", "fc00::1", true)]
    [InlineData("IPv6 link-local", "fe80::1", true)]
    [InlineData("the end of IPv6 link-local", "febf::1", true)]
    [InlineData("beside IPv6 link-local", "fec0::1", false)]
    [InlineData("public IPv6", "2001:db8::1", false)]
    [InlineData("private IPv4 in IPv6", "::ffff:10.0.0.1", true)]
    [InlineData("public IPv4 in IPv6", "::ffff:203.0.113.7", false)]
    public void Is_near(string why, string address, bool isNear)
    {
        Assert.True(SocketAddress.TryParse(Encoding.ASCII.GetBytes(address + "\0"), 80, out SocketAddress parsed));

        Assert.Equal((why, isNear), (why, parsed.IsNear));
    }

    [Theory]
    [InlineData("IPv4", "127.0.0.1", 8181, "127.0.0.1:8181")]
    [InlineData("IPv6", "FD00:EC2:0::23", 65535, "[fd00:ec2::23]:65535")]
    public void Is_written(string why, string address, int port, string text)
    {
        byte* memory = stackalloc byte[SocketAddress.MaximumText];
        Text written = new(memory, SocketAddress.MaximumText);
        Assert.True(SocketAddress.TryParse(Encoding.ASCII.GetBytes(address + "\0"), port, out SocketAddress parsed));

        parsed.AppendTo(ref written);

        Assert.Equal((why, text), (why, Encoding.ASCII.GetString(written.Written)));
    }

    [Theory]
    [InlineData("a name", "broker")]
    [InlineData("three parts", "127.0.0")]
    [InlineData("nothing", "")]
    public void Is_no_address(string why, string address) =>
        Assert.Equal((why, false), (why, SocketAddress.TryParse(Encoding.ASCII.GetBytes(address + "\0"), 80, out _)));
}
