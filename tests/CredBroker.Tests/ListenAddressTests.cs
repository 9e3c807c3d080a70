using CredBroker.Broker;

namespace CredBroker.Tests;

public class ListenAddressTests
{
    [Theory]
    [InlineData("IPv4", "http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("a slash after it", "http://127.0.0.1:8080/", "http://127.0.0.1:8080")]
    [InlineData("a free port", "http://127.0.0.1:0", "http://127.0.0.1:0")]
    [InlineData("all of 127/8 is loopback", "http://127.1.2.3:8080", "http://127.1.2.3:8080")]
    [InlineData("IPv6", "http://[::1]:8080", "http://[::1]:8080")]
    [InlineData("localhost is IPv4's", "http://localhost:8080", "http://127.0.0.1:8080")]
    [InlineData("the scheme's case does not matter", "HTTP://LocalHost:8080", "http://127.0.0.1:8080")]
    public void Takes(string why, string text, string address)
    {
        bool isTaken = ListenAddress.TryParse(text, out ListenAddress? parsed, out string? refusal);

        Assert.Equal((why, true, null, address), (why, isTaken, refusal, parsed?.ToString()));
    }

    [Theory]
    [InlineData("every address", "http://0.0.0.0:8080", "needs TLS")]
    [InlineData("every IPv6 address", "http://[::]:8080", "needs TLS")]
    [InlineData("a LAN's", "http://192.168.1.10:8080", "needs TLS")]
    [InlineData("a container bridge's", "http://172.17.0.1:8080", "needs TLS")]
    [InlineData("a link's, where ECS has its endpoint", "http://169.254.170.2:80", "needs TLS")]
    [InlineData("a name", "http://broker:8080", "not an address")]
    [InlineData("a name that only begins as localhost", "http://localhost.example.com:8080", "not an address")]
    [InlineData("a name after an address", "http://127.0.0.1.example.com:8080", "not an address")]
    [InlineData("a user's name before another host", "http://127.0.0.1:80@example.com:8080", "not an address")]
    [InlineData("https", "https://127.0.0.1:8443", "not an address")]
    [InlineData("a unix socket", "unix:///run/broker.sock", "not an address")]
    [InlineData("no scheme", "127.0.0.1:8080", "not an address")]
    [InlineData("no port", "http://127.0.0.1", "not an address")]
    [InlineData("an empty port", "http://127.0.0.1:", "not an address")]
    [InlineData("IPv6 without a port", "http://[::1]", "not an address")]
    [InlineData("IPv6 without brackets, so without a port", "http://::1", "not an address")]
    [InlineData("localhost without a port", "http://localhost", "not an address")]
    [InlineData("a port above all", "http://127.0.0.1:65536", "not an address")]
    [InlineData("a negative port", "http://127.0.0.1:-1", "not an address")]
    [InlineData("a path", "http://127.0.0.1:8080/v1", "not an address")]
    [InlineData("empty", "", "not an address")]
    public void Refuses(string why, string text, string because)
    {
        bool isTaken = ListenAddress.TryParse(text, out ListenAddress? parsed, out string? refusal);

        Assert.Equal((why, false, null), (why, isTaken, parsed));
        Assert.Contains(because, refusal, System.StringComparison.Ordinal);
    }
}
