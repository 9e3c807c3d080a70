using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace AwsCred.Tests;

public class JsonReaderTests
{
    [Theory]
    [InlineData("a string", "\"a\"", "String(a)")]
    [InlineData("words", "[true,false,null]", "[ True False Null ]")]
    [InlineData("an empty object", "{}", "{ }")]
    [InlineData("an empty array", "[]", "[ ]")]
    [InlineData("white space of all four kinds", " \t\r\n{ \"a\" : [ 1 , 2 ] } \t\r\n", "{ Name(a) [ Number(1) Number(2) ] }")]
    [InlineData("objects in arrays in objects", "{\"a\":[{\"b\":{}},[]],\"c\":\"d\"}", "{ Name(a) [ { Name(b) { } } [ ] ] Name(c) String(d) }")]
    [InlineData("a key again in another object", "{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]},\"b\":1}", "{ Name(a) { Name(a) [ { Name(a) Number(1) } { Name(a) Number(2) } ] } Name(b) Number(1) }")]
    [InlineData("a key that differs in case", "{\"a\":1,\"A\":2}", "{ Name(a) Number(1) Name(A) Number(2) }")]
    [InlineData("an empty key", "{\"\":1}", "{ Name() Number(1) }")]
    [InlineData("numbers", "[0,-0,10,1.5,-1.25e+10,1E-2,0e0,123456789012345678901234567890]", "[ Number(0) Number(-0) Number(10) Number(1.5) Number(-1.25e+10) Number(1E-2) Number(0e0) Number(123456789012345678901234567890) ]")]
    [InlineData("escapes stay as they stand", "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\uD83D\\ude00\"]", "[ String(\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\uD83D\\ude00) ]")]
    [InlineData("DEL is no control character to JSON", "\"\u007F\"", "String(\u007F)")]
    public void Reads(string why, string json, string tokens) => Assert.Equal((why, tokens), (why, Tokens(Encoding.Latin1.GetBytes(json))));

    [Theory]
    [InlineData("nothing", "", "it ends too early (at 0)")]
    [InlineData("white space alone", " \n", "it ends too early (at 2)")]
    [InlineData("an open object", "{", "it ends too early (at 1)")]
    [InlineData("an open array", "[1", "it ends too early (at 2)")]
    [InlineData("the end after a comma", "[1,", "it ends too early (at 3)")]
    [InlineData("a second document", "{}{}", "there is text after it (at 2)")]
    [InlineData("NUL after it", "{}\0", "there is text after it (at 2)")]
    [InlineData("a byte order mark", "\u00EF\u00BB\u00BF{}", "a value is missing or not valid (at 0)")]
    [InlineData("a comment", "/**/{}", "a value is missing or not valid (at 0)")]
    [InlineData("a comment inside", "[1,//\n2]", "a value is missing or not valid (at 3)")]
    [InlineData("a trailing comma in an array", "[1,]", "a value is missing or not valid (at 3)")]
    [InlineData("a trailing comma in an object", "{\"a\":1,}", "a key is missing (at 7)")]
    [InlineData("a comma first", "[,1]", "a value is missing or not valid (at 1)")]
    [InlineData("no comma", "[1 2]", "a comma or a closing bracket is missing (at 3)")]
    [InlineData("the wrong bracket", "[1}", "a comma or a closing bracket is missing (at 2)")]
    [InlineData("the wrong bracket at once", "[}", "a value is missing or not valid (at 1)")]
    [InlineData("a bracket after a key", "{\"a\":}", "a value is missing or not valid (at 5)")]
    [InlineData("no colon", "{\"a\" 1}", "a colon is missing after a key (at 5)")]
    [InlineData("a key without quotes", "{a:1}", "a key is missing (at 1)")]
    [InlineData("a number as key", "{1:1}", "a key is missing (at 1)")]
    [InlineData("other quotes", "['a']", "a value is missing or not valid (at 1)")]
    [InlineData("another case of a word", "[True]", "a value is missing or not valid (at 1)")]
    [InlineData("a word that is cut", "[nul", "a value is missing or not valid (at 1)")]
    [InlineData("a word that goes on", "[nulls]", "a comma or a closing bracket is missing (at 5)")]
    [InlineData("NaN", "[NaN]", "a value is missing or not valid (at 1)")]
    [InlineData("a plus sign", "[+1]", "a value is missing or not valid (at 1)")]
    [InlineData("a zero before", "[01]", "a comma or a closing bracket is missing (at 2)")]
    [InlineData("a minus alone", "[-]", "a value is missing or not valid (at 2)")]
    [InlineData("no digit after the point", "[1.]", "a number is not valid (at 3)")]
    [InlineData("no digit before the point", "[.5]", "a value is missing or not valid (at 1)")]
    [InlineData("no exponent", "[1e]", "a number is not valid (at 3)")]
    [InlineData("no exponent after the sign", "[1e+]", "a number is not valid (at 4)")]
    [InlineData("hex", "[0x1]", "a comma or a closing bracket is missing (at 2)")]
    [InlineData("a newline in a string", "[\"\n\"]", "a control character stands in a string (at 2)")]
    [InlineData("NUL in a string", "[\"\0\"]", "a control character stands in a string (at 2)")]
    [InlineData("U+001F in a string", "[\"\u001F\"]", "a control character stands in a string (at 2)")]
    [InlineData("a string without its end", "[\"a", "a string does not end (at 3)")]
    [InlineData("an escape that JSON does not have", "[\"\\x41\"]", "an escape in a string is not valid (at 2)")]
    [InlineData("an escape that is cut", "[\"\\u004\"]", "an escape in a string is not valid (at 2)")]
    [InlineData("an escape at the end", "[\"\\", "an escape in a string is not valid (at 2)")]
    [InlineData("a capital U", "[\"\\U0041\"]", "an escape in a string is not valid (at 2)")]
    [InlineData("a lone high surrogate", "[\"\\uD83D\"]", "an escape in a string is not valid (at 2)")]
    [InlineData("a high surrogate before another escape", "[\"\\uD83D\\u0041\"]", "an escape in a string is not valid (at 2)")]
    [InlineData("a lone low surrogate", "[\"\\uDE00\"]", "an escape in a string is not valid (at 2)")]
    [InlineData("surrogates in the wrong order", "[\"\\uDE00\\uD83D\"]", "an escape in a string is not valid (at 2)")]
    [InlineData("a continuation byte alone", "[\"\u0080\"]", "a string is not valid UTF-8 (at 2)")]
    [InlineData("an overlong slash", "[\"\u00C0\u00AF\"]", "a string is not valid UTF-8 (at 2)")]
    [InlineData("an overlong of three bytes", "[\"\u00E0\u009F\u00BF\"]", "a string is not valid UTF-8 (at 2)")]
    [InlineData("an overlong of four bytes", "[\"\u00F0\u008F\u00BF\u00BF\"]", "a string is not valid UTF-8 (at 2)")]
    [InlineData("a surrogate in UTF-8", "[\"\u00ED\u00A0\u0080\"]", "a string is not valid UTF-8 (at 2)")]
    [InlineData("beyond U+10FFFF", "[\"\u00F4\u0090\u0080\u0080\"]", "a string is not valid UTF-8 (at 2)")]
    [InlineData("five bytes", "[\"\u00F8\u0088\u0080\u0080\u0080\"]", "a string is not valid UTF-8 (at 2)")]
    [InlineData("UTF-8 that is cut", "[\"\u00C3\"]", "a string is not valid UTF-8 (at 2)")]
    [InlineData("Latin-1", "[\"caf\u00E9s\"]", "a string is not valid UTF-8 (at 5)")]
    [InlineData("a key twice", "{\"a\":1,\"b\":2,\"a\":3}", "a key stands in it twice (at 16)")]
    [InlineData("a key twice by an escape", "{\"Token\":1,\"T\\u006fken\":2}", "a key stands in it twice (at 23)")]
    [InlineData("a key twice by surrogates", "{\"\u00F0\u009F\u0098\u0080\":1,\"\\uD83D\\uDE00\":2}", "a key stands in it twice (at 24)")]
    [InlineData("a key twice inside", "[{\"a\":{\"b\":1,\"b\":2}}]", "a key stands in it twice (at 16)")]
    [InlineData("a key twice around an object", "{\"a\":{\"b\":1},\"a\":2}", "a key stands in it twice (at 16)")]
    public void Refuses(string why, string json, string error) =>
        Assert.Equal((why, error), (why, Tokens(Encoding.Latin1.GetBytes(json)).Split("Bad: ")[^1]));

    [Theory]
    [InlineData("two bytes", "\u0080\u07FF")]
    [InlineData("three bytes", "\u0800\uD7FF\uE000\uFFFF")]
    [InlineData("four bytes", "\U00010000\U0010FFFF")]
    public void Reads_the_ends_of_each_length_of_UTF8(string why, string text) =>
        Assert.Equal((why, $"String({text})"), (why, Tokens(Encoding.UTF8.GetBytes($"\"{text}\""))));

    [Theory]
    [InlineData("arrays of 64 levels", "[", "]", 64, true)]
    [InlineData("arrays of 65 levels", "[", "]", 65, false)]
    [InlineData("objects of 64 levels", "{\"a\":", "}", 64, true)]
    [InlineData("objects of 65 levels", "{\"a\":", "}", 65, false)]
    public void Keeps_to_its_depth(string why, string open, string close, int depth, bool isGood)
    {
        string inside = open == "[" ? "" : "1";
        string json = string.Concat(Enumerable.Repeat(open, depth)) + inside + string.Concat(Enumerable.Repeat(close, depth));

        Assert.Equal((why, isGood), (why, !Tokens(Encoding.ASCII.GetBytes(json)).Contains("Bad: it is nested deeper than 64 levels", StringComparison.Ordinal)));
    }

    [Fact]
    public void Tells_objects_from_arrays_at_every_depth()
    {
        string open = "", close = "";
        for (int depth = 0; depth < JsonReader.MaximumDepth; depth++)
        {
            bool isObject = depth % 3 == 0;
            open += isObject ? "{\"a\":" : "[";
            close = (isObject ? "}" : "]") + close;
        }

        Assert.DoesNotContain("Bad", Tokens(Encoding.ASCII.GetBytes($"{open}1{close}")), StringComparison.Ordinal);
        string wrong = close[0] == ']' ? "}" : "]";
        string tokens = Tokens(Encoding.ASCII.GetBytes($"{open}1{wrong}"));
        Assert.EndsWith($"Bad: a comma or a closing bracket is missing (at {open.Length + 1})", tokens, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("256 keys", 256, true)]
    [InlineData("257 keys", 257, false)]
    public void Keeps_to_its_keys(string why, int count, bool isGood)
    {
        string json = $"{{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{i}\":{i}"))}}}";

        Assert.Equal((why, isGood), (why, !Tokens(Encoding.ASCII.GetBytes(json)).Contains("Bad: it has too many keys", StringComparison.Ordinal)));
    }

    [Fact]
    public void Counts_only_the_keys_of_objects_that_are_open()
    {
        string json = $"[{string.Join(',', Enumerable.Repeat("{\"a\":{\"b\":1},\"c\":[{\"d\":1}]}", 1000))}]";

        Assert.DoesNotContain("Bad", Tokens(Encoding.ASCII.GetBytes(json)), StringComparison.Ordinal);
    }

    internal static string Tokens(byte[] json)
    {
        JsonReader reader = new(json, new JsonKey[JsonReader.MaximumKeys]);
        List<string> tokens = [];
        while (true)
        {
            JsonToken token = reader.Read();
            if (token == JsonToken.End) return string.Join(' ', tokens);
            tokens.Add(token switch
            {
                JsonToken.ObjectStart => "{",
                JsonToken.ObjectEnd => "}",
                JsonToken.ArrayStart => "[",
                JsonToken.ArrayEnd => "]",
                JsonToken.Name or JsonToken.String or JsonToken.Number => $"{token}({Encoding.UTF8.GetString(json, reader.RawStart, reader.RawLength)})",
                JsonToken.Bad => $"Bad: {Encoding.UTF8.GetString(reader.Error)} (at {reader.Position})",
                _ => $"{token}",
            });
            if (token == JsonToken.Bad) return string.Join(' ', tokens);
        }
    }
}
