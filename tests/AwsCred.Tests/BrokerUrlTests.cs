namespace AwsCred.Tests;

public class BrokerUrlTests
{
    [Theory]
    [InlineData("a name", "http://broker", "broker", 80, "/v1/credentials")]
    [InlineData("a slash is no path", "http://broker/", "broker", 80, "/v1/credentials")]
    [InlineData("a port", "http://broker:8181", "broker", 8181, "/v1/credentials")]
    [InlineData("a port and a slash", "http://broker:8181/", "broker", 8181, "/v1/credentials")]
    [InlineData("the first port", "http://broker:1", "broker", 1, "/v1/credentials")]
    [InlineData("the last port", "http://broker:65535", "broker", 65535, "/v1/credentials")]
    [InlineData("a path", "http://broker/v1/credentials/aws", "broker", 80, "/v1/credentials/aws")]
    [InlineData("a path of slashes", "http://broker//", "broker", 80, "//")]
    [InlineData("a query after a slash", "http://broker/?grant=a", "broker", 80, "/?grant=a")]
    [InlineData("a query with slashes, colon and at", "http://broker/x?a=/b:c@d?", "broker", 80, "/x?a=/b:c@d?")]
    [InlineData("the scheme's case does not matter", "HtTp://broker", "broker", 80, "/v1/credentials")]
    [InlineData("a container's name", "http://my_broker-1.local.:80/", "my_broker-1.local.", 80, "/v1/credentials")]
    [InlineData("IPv4", "http://127.0.0.1:8181", "127.0.0.1", 8181, "/v1/credentials")]
    public void Takes(string why, string text, string host, int port, string target)
    {
        ParsedUrl parsed = ParsedUrl.Of(text);

        string authority = text[7..].Split('/')[0];
        Assert.Equal((why, new ParsedUrl(null, host, authority, port, target, false)), (why, parsed));
    }

    [Theory]
    [InlineData("the port of https", "https://broker", "broker", 443, "/v1/credentials")]
    [InlineData("a port of its own", "HTTPS://broker:8443/x", "broker", 8443, "/x")]
    [InlineData("an address", "https://127.0.0.1/", "127.0.0.1", 443, "/v1/credentials")]
    public void Takes_https(string why, string text, string host, int port, string target)
    {
        ParsedUrl parsed = ParsedUrl.Of(text);

        Assert.Equal((why, null, host, port, target, BrokerScheme.Https), (why, parsed.Refusal, parsed.Host, parsed.Port, parsed.Target, parsed.Scheme));
    }

    [Theory]
    [InlineData("a socket", "unix:///run/broker.sock", "/run/broker.sock", "/v1/credentials")]
    [InlineData("a socket and a path", "unix:///run/broker.sock:/v1/credentials/aws?x=1:2", "/run/broker.sock", "/v1/credentials/aws?x=1:2")]
    [InlineData("the scheme's case does not matter", "Unix:///s", "/s", "/v1/credentials")]
    public void Takes_unix_sockets(string why, string text, string socket, string target)
    {
        ParsedUrl parsed = ParsedUrl.Of(text);

        Assert.Equal((why, null, socket, target, "localhost", BrokerScheme.Unix), (why, parsed.Refusal, parsed.Socket, parsed.Target, parsed.Authority, parsed.Scheme));
    }

    [Theory]
    [InlineData("loopback", "http://[::1]", "::1", "[::1]", 80)]
    [InlineData("with a port", "http://[fd00:ec2::23]:8181/", "fd00:ec2::23", "[fd00:ec2::23]", 8181)]
    [InlineData("with IPv4 inside", "http://[::ffff:127.0.0.1]:1", "::ffff:127.0.0.1", "[::ffff:127.0.0.1]", 1)]
    public void Takes_IPv6_and_drops_its_brackets(string why, string text, string host, string authority, int port)
    {
        ParsedUrl parsed = ParsedUrl.Of(text);

        Assert.Equal((why, null, host, port, true), (why, parsed.Refusal, parsed.Host, parsed.Port, parsed.HostIsIPv6));
        Assert.StartsWith(authority, parsed.Authority, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("empty", "", "is empty")]
    [InlineData("a space", "http://bro ker", "contains a space")]
    [InlineData("a trailing space", "http://broker ", "contains a space")]
    [InlineData("a newline", "http://broker\n", "contains a control character")]
    [InlineData("a header's line end", "http://broker/\r\nX-A: b", "contains a control character")]
    [InlineData("NUL", "http://broker/\0", "contains a control character")]
    [InlineData("DEL", "http://broker/\u007F", "contains a control character")]
    [InlineData("outside ASCII", "http://br\u00F6ker", "contains a character outside ASCII")]
    [InlineData("a fragment", "http://broker/#x", "contains a fragment (#)")]
    [InlineData("no scheme", "broker:8181", "does not begin with http://, https:// or unix://")]
    [InlineData("a scheme alone", "http:", "does not begin with http://, https:// or unix://")]
    [InlineData("another scheme", "ftp://broker", "does not begin with http://, https:// or unix://")]
    [InlineData("a relative socket", "unix://run/broker.sock", "does not name a socket by its whole path, as unix:///run/broker.sock does")]
    [InlineData("no socket", "unix://", "does not name a socket by its whole path, as unix:///run/broker.sock does")]
    [InlineData("a folder for a socket", "unix:///", "does not name a socket by its whole path, as unix:///run/broker.sock does")]
    [InlineData("a socket and no path after its colon", "unix:///run/broker.sock:", "has something other than a path after the socket's colon")]
    [InlineData("a socket and a relative path", "unix:///run/broker.sock:v1", "has something other than a path after the socket's colon")]
    [InlineData("a query without a path", "http://broker?grant=a", "has a query but no path before it")]
    [InlineData("user info", "http://user:sekrit@broker", "contains user info (@)")]
    [InlineData("a user", "http://user@broker", "contains user info (@)")]
    [InlineData("no host", "http://", "has no host")]
    [InlineData("a path alone", "http:///v1", "has no host")]
    [InlineData("a port alone", "http://:80", "has no host")]
    [InlineData("brackets alone", "http://[]", "has no host")]
    [InlineData("an open bracket", "http://[::1", "has an IPv6 address without its closing bracket")]
    [InlineData("text after IPv6", "http://[::1]8181", "has something other than a port after the IPv6 address")]
    [InlineData("IPv4 in brackets", "http://[127.0.0.1]", "has brackets around something other than an IPv6 address")]
    [InlineData("a zone", "http://[fe80::1%25eth0]", "has a host with a character that no host name has")]
    [InlineData("a percent sign", "http://bro%6Ber", "has a host with a character that no host name has")]
    [InlineData("a backslash", "http://broker\\@other", "contains user info (@)")]
    [InlineData("IPv6 without brackets", "http://::1", "has no host")]
    [InlineData("port 0", "http://broker:0", "has a port that is not a number from 1 to 65535")]
    [InlineData("port 65536", "http://broker:65536", "has a port that is not a number from 1 to 65535")]
    [InlineData("a port beyond 64 bits", "http://broker:99999999999999999999", "has a port that is not a number from 1 to 65535")]
    [InlineData("an empty port", "http://broker:", "has a port that is not a number from 1 to 65535")]
    [InlineData("a negative port", "http://broker:-1", "has a port that is not a number from 1 to 65535")]
    [InlineData("a port's name", "http://broker:http", "has a port that is not a number from 1 to 65535")]
    [InlineData("two ports", "http://broker:80:81", "has a port that is not a number from 1 to 65535")]
    public void Refuses(string why, string text, string reason)
    {
        Report? refusal = ParsedUrl.Of(text).Refusal;

        Report expected = new(ExitCode.Usage, $"the broker's URL {reason}", "It must be http://host[:port][/path], https://host[:port][/path] or unix:///path/to.sock[:/path]");
        Assert.Equal((why, expected), (why, refusal));
    }

    [Theory]
    [InlineData("a host of 253 bytes", "http://", 253, null)]
    [InlineData("a host of 254 bytes", "http://", 254, "the broker's URL has a host longer than 253 bytes")]
    [InlineData("a socket of 107 bytes", "unix:///", 106, null)]
    [InlineData("a socket of 108 bytes", "unix:///", 107, "the broker's URL names a socket with a path of more than 107 bytes, which the kernel does not take")]
    [InlineData("2048 bytes", "http://broker/", 2034, null)]
    [InlineData("2049 bytes", "http://broker/", 2035, "the broker's URL is longer than 2048 bytes")]
    public void Keeps_to_its_lengths(string why, string start, int more, string? line) =>
        Assert.Equal((why, line), (why, ParsedUrl.Of(start + new string('a', more)).Refusal?.Line));
}
