using System.Globalization;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;

namespace AwsCred.Tests;

public class BrokerUrlProperties
{
    private const string Alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private static readonly Gen<Parts> s_parts =
        from scheme in Gen.Elements("http", "https", "HTTP", "hTTpS")
        from isIPv6 in Gen.Elements(false, true)
        from host in isIPv6 ? Any.Word("0123456789abcdefABCDEF:.", 38).Select(text => $":{text}") : Any.Word($"{Alphanumeric}-._", 253)
        from port in Gen.Choose(-1, 65535).Where(port => port != 0)
        from path in Gen.OneOf(Gen.Constant(""), Any.Word(Any.Printable(but: "#"), 300))
        select new Parts(scheme, host, isIPv6, port, path);

    [Fact]
    public void A_URL_of_valid_parts_is_taken_apart_into_them() => Property.Holds(s_parts, parts =>
    {
        ParsedUrl expected = new(null, parts.Host, parts.Authority, parts.ExpectedPort, parts.ExpectedTarget, parts.IsIPv6) { Scheme = parts.ExpectedScheme };

        Assert.Equal(expected, ParsedUrl.Of(parts.Url));
    });

    private static readonly Gen<(string Url, string Name)> s_damaged =
        from parts in s_parts
        from character in Gen.OneOf(Gen.Choose(0, 0x20), Gen.Choose(0x7F, 0xFF), Gen.Constant((int)'#'))
        from at in Gen.Choose(0, parts.Url.Length)
        select (parts.Url.Insert(at, ((char)character).ToString()), parts.Host);

    [Fact]
    public void One_character_that_no_URL_has_is_enough_to_refuse_it() => Property.Holds(s_damaged, damaged =>
        Assert.Equal(ExitCode.Usage, ParsedUrl.Of(damaged.Url).Refusal?.Exit));

    private static readonly Gen<(string Url, string Password)> s_withPassword =
        from parts in s_parts
        from password in Any.Word(Alphanumeric, 20).Select(text => $"SENTINEL{text}")
        select ($"{parts.Scheme}://user:{password}@{parts.Authority}{parts.Target}", password);

    [Fact]
    public void User_info_is_refused_and_not_repeated() => Property.Holds(s_withPassword, url =>
    {
        Report? refusal = ParsedUrl.Of(url.Url).Refusal;

        Assert.Equal("the broker's URL contains user info (@)", refusal?.Line);
        Assert.DoesNotContain("SENTINEL", refusal?.Hint, System.StringComparison.Ordinal);
    });

    private sealed record Parts(string Scheme, string Host, bool IsIPv6, int Port, string Path)
    {
        public string Authority => (IsIPv6 ? $"[{Host}]" : Host) + (Port < 0 ? "" : $":{Port.ToString(CultureInfo.InvariantCulture)}");
        public string Target => Path.Length == 0 ? "" : $"/{Path}";
        public string Url => $"{Scheme}://{Authority}{Target}";
        public BrokerScheme ExpectedScheme => Scheme.Length == "http".Length ? BrokerScheme.Http : BrokerScheme.Https;
        public int ExpectedPort => Port > 0 ? Port : ExpectedScheme == BrokerScheme.Http ? 80 : 443;
        public string ExpectedTarget => Target.Length <= 1 ? "/v1/credentials" : Target;
    }
}
