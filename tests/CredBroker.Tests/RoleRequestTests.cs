using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using CredBroker.Credentials;
using CredBroker.Grants;

namespace CredBroker.Tests;

/// <summary>The key of the cache: credentials of one request never answer another.</summary>
public class RoleRequestTests
{
    /// <summary>By reflection, so that nobody can add a property that shapes credentials and leave it out of the key.</summary>
    public static TheoryData<string> Properties => [.. typeof(RoleRequest).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name)];

    [Fact]
    public void Two_of_the_same_are_one_key()
    {
        Assert.Equal(Full(), Full());
        Assert.Equal(Full().GetHashCode(), Full().GetHashCode());
        Assert.Contains(Full(), new HashSet<RoleRequest> { Full() });
    }

    [Theory]
    [MemberData(nameof(Properties))]
    public void Every_property_makes_another_key(string property)
    {
        RoleRequest changed = Full(), without = Full();
        PropertyInfo info = typeof(RoleRequest).GetProperty(property)!;
        info.SetValue(changed, Other(info.PropertyType, info.GetValue(changed)));
        if (new NullabilityInfoContext().Create(info).WriteState == NullabilityState.Nullable) info.SetValue(without, null);
        else without = changed;

        Assert.NotEqual(Full(), changed);
        Assert.NotEqual(Full(), without);
    }

    [Theory]
    [InlineData("another order", "b", "a")]
    [InlineData("fewer", "a", null)]
    [InlineData("joined", "ab", null)]
    public void Lists_differ_by_their_items(string why, string first, string? second) =>
        Assert.True(Full() with { PolicyArns = new(new[] { first, second }.OfType<string>()) } != Full() with { PolicyArns = new(["a", "b"]) }, why);

    /// <summary>Each property of a grant but those that say nothing to STS.</summary>
    public static TheoryData<string> GrantProperties =>
        [.. typeof(Grant).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite && property.Name != nameof(Grant.Name)).Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(GrantProperties))]
    public void Every_property_of_a_grant_reaches_the_request(string property)
    {
        Grant grant = FullGrant(), changed = FullGrant();
        PropertyInfo info = typeof(Grant).GetProperty(property)!;
        info.SetValue(changed, property == nameof(Grant.Preset) ? "bedrock" : Other(info.PropertyType, info.GetValue(changed)));

        Assert.NotEqual(RoleRequest.For(grant, "abc234abc234"), RoleRequest.For(changed, "abc234abc234"));
    }

    [Theory]
    [InlineData("the default", null, "abc234abc234", "cred-broker-abc234abc234")]
    [InlineData("a prefix", "agents", "abc234abc234", "agents-abc234abc234")]
    [InlineData("the longest prefix", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "abc234abc234", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-abc234abc234")]
    [InlineData("the longest prefix when a grant is tried: cut to what STS takes", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "verify-abc234abc234", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-verify-abc23")]
    public void Sessions_are_named(string why, string? prefix, string id, string name) =>
        Assert.Equal((why, name), (why, RoleRequest.For(Some.Grant with { SessionNamePrefix = prefix }, id).SessionName));

    private static Grant FullGrant() => new("ci", Some.Role, "us-east-1", 3600, "the:id", "work")
    {
        Policy = "{}",
        PolicyArns = new(["a", "b"]),
        Tags = new([new SessionTag("k", "v")]),
        TransitiveTagKeys = new(["k"]),
        SourceIdentity = "alice",
        SessionNamePrefix = "agents",
        MfaSerial = "GAHT12345",
    };

    private static RoleRequest Full() => RoleRequest.For(FullGrant(), "abc234abc234");

    /// <summary>Another value of the type; what is null may be something.</summary>
    internal static object Other(Type type, object? value) => type switch
    {
        _ when type == typeof(string) => value + "x",
        _ when type == typeof(int) => (int)value! + 1,
        _ when type == typeof(ValueList<string>) => new ValueList<string>([.. (ValueList<string>?)value ?? Enumerable.Empty<string>(), "x"]),
        _ when type == typeof(ValueList<SessionTag>) => new ValueList<SessionTag>([.. ((ValueList<SessionTag>?)value ?? Enumerable.Empty<SessionTag>()).Skip(1), new SessionTag("k", "w")]),
        _ => throw new NotSupportedException($"say how a {type} differs"),
    };
}
