using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace AwsCred.Tests;

public class CredentialDocumentProperties
{
    private static readonly Gen<string> s_value = Any.Word(Any.Printable(), 400);

    private static readonly Gen<Dictionary<string, object>> s_fields =
        from key in s_value
        from secret in s_value
        from session in s_value
        from tokenName in Gen.Elements("SessionToken", "Token")
        from expiration in Any.Seconds.Where(seconds => seconds > 0)
        from account in Gen.OneOf(Gen.Constant(""), Any.Word("0123456789", 1).ArrayOf(12).Select(string.Concat))
        select new Dictionary<string, object>
        {
            ["Version"] = 1,
            ["AccessKeyId"] = key,
            ["SecretAccessKey"] = secret,
            [tokenName] = session,
            ["Expiration"] = System.DateTimeOffset.FromUnixTimeSeconds(expiration).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["AccountId"] = account,
        };

    private static readonly Gen<(Dictionary<string, object> Fields, string Json)> s_documents =
        from fields in s_fields
        from others in Any.Unicode.Where(name => !fields.ContainsKey(name)).Zip(Any.Unicode).ListOf()
        from order in Gen.Shuffle(fields.Concat(others.DistinctBy(other => other.Item1).Select(other => KeyValuePair.Create(other.Item1, (object)other.Item2))))
        select (fields, JsonSerializer.Serialize(order.ToDictionary()));

    [Fact]
    public void A_document_in_any_order_and_among_others_comes_out_with_the_same_values() => Property.Holds(s_documents, document =>
    {
        Parsed parsed = Parsed.Of(document.Json);

        Assert.Null(parsed.Refusal);
        using JsonDocument printed = JsonDocument.Parse(parsed.Output!, new JsonDocumentOptions { AllowDuplicateProperties = false });
        IEnumerable<(string, string?)> expected =
            from field in document.Fields
            where field.Value is not ""
            select (field.Key == "Token" ? "SessionToken" : field.Key, field.Value.ToString());
        Assert.Equal(expected, printed.RootElement.EnumerateObject().Select(key => (key.Name, (string?)key.Value.ToString())));
        Assert.EndsWith("}\n", parsed.Output, System.StringComparison.Ordinal);
    });

    [Fact]
    public void What_comes_out_goes_in_again() => Property.Holds(s_documents, document =>
    {
        string? once = Parsed.Of(document.Json).Output;

        Assert.Equal(once, Parsed.Of(once!).Output);
    });
}
