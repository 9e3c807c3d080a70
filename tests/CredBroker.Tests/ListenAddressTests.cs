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
    [InlineData("https on loopback", "https://127.0.0.1:8443", "https://127.0.0.1:8443")]
    [InlineData("https anywhere", "https://0.0.0.0:8443", "https://0.0.0.0:8443")]
    [InlineData("https on IPv6", "https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443")]
    [InlineData("a unix socket, as AWS_CRED_URL has it", "unix:///run/broker.sock", "unix:///run/broker.sock")]
    [InlineData("a unix socket, short", "unix:/run/broker.sock", "unix:///run/broker.sock")]
    [InlineData("a unix socket with a path of 107 bytes", "unix:/run/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "unix:///run/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("the scheme's case does not matter", "HTTP://LocalHost:8080", "http://127.0.0.1:8080")]
    public void Takes(string why, string text, string address)
    {
        bool isTaken = ListenAddress.TryParse(text, out ListenAddress? parsed, out string? refusal);

        Assert.Equal((why, true, null, address), (why, isTaken, refusal, parsed?.ToString()));
    }

    [Theory]
    [InlineData("every address", "http://0.0.0.0:8080", "in the clear")]
    [InlineData("every IPv6 address", "http://[::]:8080", "in the clear")]
    [InlineData("a LAN's", "http://192.168.1.10:8080", "in the clear")]
    [InlineData("a container bridge's", "http://172.17.0.1:8080", "in the clear")]
    [InlineData("a link's, where ECS has its endpoint", "http://169.254.170.2:80", "in the clear")]
    [InlineData("a name", "http://broker:8080", "not an address")]
    [InlineData("a name that only begins as localhost", "http://localhost.example.com:8080", "not an address")]
    [InlineData("a name after an address", "http://127.0.0.1.example.com:8080", "not an address")]
    [InlineData("a user's name before another host", "http://127.0.0.1:80@example.com:8080", "not an address")]
    [InlineData("https with a path", "https://127.0.0.1:8443/v1", "not an address")]
    [InlineData("https of a name", "https://broker.example:8443", "not an address")]
    [InlineData("a socket by a part of its path", "unix:run/broker.sock", "full path")]
    [InlineData("a socket at a host", "unix://run/broker.sock", "full path")]
    [InlineData("a folder", "unix:///run/", "full path")]
    [InlineData("no path", "unix:", "full path")]
    [InlineData("a socket with a colon, where the request's path begins in AWS_CRED_URL", "unix:///run/a:b.sock", "cannot hold")]
    [InlineData("a socket with a space", "unix:///run/a b.sock", "cannot hold")]
    [InlineData("a socket with a letter outside ASCII", "unix:///run/ä.sock", "cannot hold")]
    [InlineData("a socket with a path of 108 bytes", "unix:///run/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "at most 107 bytes, and this one has 108")]
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

    [Theory]
    [InlineData("every address", "http://0.0.0.0:8080")]
    [InlineData("a container bridge's", "http://172.17.0.1:8080")]
    public void Plain_http_beyond_loopback_must_be_spelled_out(string why, string text)
    {
        Assert.True(ListenAddress.TryParse(text, out ListenAddress? parsed, out _, isInsecureAllowed: true));

        Assert.Equal((why, text), (why, parsed.ToString()));
        Assert.False(ListenAddress.TryParse(text, out _, out string? refusal));
        Assert.Contains("--insecure-listen", refusal, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/credentials")]
    [InlineData("unix:/run/broker.sock", "unix:///run/broker.sock")]
    public void Says_what_AWS_CRED_URL_is_set_to(string text, string url)
    {
        Assert.True(ListenAddress.TryParse(text, out ListenAddress? parsed, out _));

        Assert.Equal(url, parsed.CredentialsUrl);
    }
}
