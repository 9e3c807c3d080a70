using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace AwsCred.Tests;

/// <summary>What System.Text.Json writes, the helper reads.</summary>
public unsafe class JsonProperties
{
    private static readonly JsonSerializerOptions s_fewEscapes = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions s_manyEscapes = new() { Encoder = JavaScriptEncoder.Default };

    private static readonly Gen<string> s_document =
        from options in Gen.Elements(s_fewEscapes, s_manyEscapes)
        from value in Gen.Sized(size => Value(Math.Min(size, 12)))
        select JsonSerializer.Serialize(value, options);

    [Fact]
    public void A_string_is_read_as_it_was_written() => Property.Holds(Any.Unicode.Zip(Gen.Elements(s_fewEscapes, s_manyEscapes)), written =>
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(written.Item1, written.Item2);
        JsonReader reader = new(json, new JsonKey[JsonReader.MaximumKeys]);
        JsonToken token = reader.Read();
        byte[] memory = new byte[json.Length];
        fixed (byte* start = memory)
        {
            Text text = new(start, memory.Length);
            JsonText.Decode(json.AsSpan(reader.RawStart, reader.RawLength), ref text);

            Assert.Equal((JsonToken.String, written.Item1, JsonToken.End), (token, Encoding.UTF8.GetString(text.Written), reader.Read()));
        }
    });

    [Fact]
    public void Any_document_is_read() => Property.Holds(s_document, json =>
        Assert.DoesNotContain("Bad: ", JsonReaderTests.Tokens(Encoding.UTF8.GetBytes(json)).Split(' ')));

    [Fact]
    public void Whatever_comes_after_a_document_is_refused() => Property.Holds(s_document.Zip(Gen.Choose(0, 255)), json =>
    {
        byte after = (byte)json.Item2;
        if (after is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r') return;
        // A digit after a number is a longer number; a space makes it text again.
        Assert.Contains("Bad: there is text after it", JsonReaderTests.Tokens([.. Encoding.UTF8.GetBytes(json.Item1), (byte)' ', after]), StringComparison.Ordinal);
    });

    [Fact]
    public void Each_beginning_of_an_object_is_refused() => Property.Holds(s_document.Zip(Gen.Choose(0, 99)), json =>
    {
        byte[] whole = Encoding.UTF8.GetBytes($"{{\"a\":{json.Item1}}}");

        Assert.Contains("Bad: ", JsonReaderTests.Tokens(whole[..(whole.Length * json.Item2 / 100)]), StringComparison.Ordinal);
    });

    private static readonly Gen<(string Twice, string Once)> s_keys =
        from keys in Any.Unicode.ListOf()
        let distinct = keys.Append("key").Distinct(StringComparer.Ordinal).ToArray()
        from repeated in Gen.Elements(distinct)
        from order in Gen.Shuffle(distinct.Select(key => JsonSerializer.Serialize(key, s_fewEscapes)).Append(JsonSerializer.Serialize(repeated, s_manyEscapes)))
        from once in Gen.Shuffle(distinct)
        select ($"{{{string.Join(',', order.Select(key => $"{key}:1"))}}}", JsonSerializer.Serialize(once.ToDictionary(key => key, _ => 1), s_fewEscapes));

    [Fact]
    public void A_key_that_stands_in_an_object_twice_is_refused_however_it_is_written() => Property.Holds(s_keys, json =>
    {
        Assert.Contains("Bad: a key stands in it twice", JsonReaderTests.Tokens(Encoding.UTF8.GetBytes(json.Twice)), StringComparison.Ordinal);
        Assert.DoesNotContain("Bad: a key stands in it twice", JsonReaderTests.Tokens(Encoding.UTF8.GetBytes(json.Once)), StringComparison.Ordinal);
    });

    private static Gen<object?> Value(int size)
    {
        Gen<object?> simple = Gen.OneOf(
            Any.Unicode.Select(text => (object?)text),
            Gen.Choose(int.MinValue, int.MaxValue).Select(number => (object?)number),
            Gen.Choose(int.MinValue, int.MaxValue).Select(number => (object?)(number * 1e-30)),
            Gen.Elements<object?>(true, false, null));
        if (size == 0) return simple;
        Gen<object?> inside = Value(size / 3);
        return Gen.OneOf(
            simple,
            inside.ListOf().Resize(size).Select(values => (object?)values),
            Any.Unicode.Zip(inside).ListOf().Resize(size).Select(pairs => (object?)pairs.DistinctBy(pair => pair.Item1).ToDictionary(pair => pair.Item1, pair => pair.Item2)));
    }
}
