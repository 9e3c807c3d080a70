using System;

namespace AwsCred;

/// <summary>
/// Reads one strict JSON document (RFC 8259) token by token: no comments, no trailing commas or text, no byte order mark,
/// valid UTF-8 and escapes only, no key twice in one object, at most 64 levels and 256 keys open at a time.
/// </summary>
internal ref struct JsonReader
{
    public const int MaximumDepth = 64;
    public const int MaximumKeys = 256;

    private enum Expect
    {
        Value,
        ValueOrArrayEnd,
        Name,
        NameOrObjectEnd,
        CommaOrEnd,
        Nothing,
    }

    private readonly ReadOnlySpan<byte> _text;
    private JsonKeys _keys;
    private ulong _objects; // bit n: the container at depth n + 1 is an object
    private int _position;
    private Expect _expect;

    /// <param name="text">The whole document.</param>
    /// <param name="keys">Memory for the keys of the objects that are open: <see cref="MaximumKeys"/> of them.</param>
    public JsonReader(ReadOnlySpan<byte> text, Span<JsonKey> keys)
    {
        _text = text;
        _keys = new JsonKeys(keys);
        _expect = Expect.Value;
    }

    public int Depth { get; private set; }
    public readonly int Position => _position;

    /// <summary>Where the raw text of a Name, String (both without quotes, escapes as they stand) or Number begins, and its length.</summary>
    public int RawStart { get; private set; }

    public int RawLength { get; private set; }

    public ReadOnlySpan<byte> Error { get; private set; }

    public JsonToken Read()
    {
        SkipWhiteSpace();
        if (_position == _text.Length) return _expect == Expect.Nothing ? JsonToken.End : Bad("it ends too early"u8);
        byte next = _text[_position];
        switch (_expect)
        {
            case Expect.Nothing:
                return Bad("there is text after it"u8);
            case Expect.CommaOrEnd:
                if (next == (byte)'}' && InObject || next == (byte)']' && !InObject) return Close();
                if (next != (byte)',') return Bad("a comma or a closing bracket is missing"u8);
                _position++;
                _expect = InObject ? Expect.Name : Expect.Value;
                SkipWhiteSpace();
                if (_position == _text.Length) return Bad("it ends too early"u8);
                next = _text[_position];
                break;
            case Expect.NameOrObjectEnd when next == (byte)'}':
            case Expect.ValueOrArrayEnd when next == (byte)']':
                return Close();
        }

        return _expect is Expect.Name or Expect.NameOrObjectEnd ? ReadName(next) : ReadValue(next);
    }

    private readonly bool InObject => (_objects >> (Depth - 1) & 1) != 0;

    private JsonToken ReadName(byte next)
    {
        if (next != (byte)'"') return Bad("a key is missing"u8);
        if (!TryReadString()) return JsonToken.Bad;
        if (!_keys.TryAdd(_text, new JsonKey { Start = RawStart, Length = RawLength, Depth = Depth }, out ReadOnlySpan<byte> error)) return Bad(error);
        SkipWhiteSpace();
        if (_position == _text.Length || _text[_position] != (byte)':') return Bad("a colon is missing after a key"u8);
        _position++;
        _expect = Expect.Value;
        return JsonToken.Name;
    }

    private JsonToken ReadValue(byte next)
    {
        switch (next)
        {
            case (byte)'{': return Open(true);
            case (byte)'[': return Open(false);
            case (byte)'"': return TryReadString() ? Complete(JsonToken.String) : JsonToken.Bad;
            case (byte)'t': return TryReadWord("true"u8) ? Complete(JsonToken.True) : JsonToken.Bad;
            case (byte)'f': return TryReadWord("false"u8) ? Complete(JsonToken.False) : JsonToken.Bad;
            case (byte)'n': return TryReadWord("null"u8) ? Complete(JsonToken.Null) : JsonToken.Bad;
            default: return TryReadNumber() ? Complete(JsonToken.Number) : JsonToken.Bad;
        }
    }

    private JsonToken Open(bool isObject)
    {
        if (Depth == MaximumDepth) return Bad("it is nested deeper than 64 levels"u8);
        ulong bit = 1UL << Depth;
        _objects = isObject ? _objects | bit : _objects & ~bit;
        Depth++;
        _position++;
        _expect = isObject ? Expect.NameOrObjectEnd : Expect.ValueOrArrayEnd;
        return isObject ? JsonToken.ObjectStart : JsonToken.ArrayStart;
    }

    private JsonToken Close()
    {
        bool wasObject = InObject;
        _keys.Close(Depth);
        Depth--;
        _position++;
        return Complete(wasObject ? JsonToken.ObjectEnd : JsonToken.ArrayEnd);
    }

    private JsonToken Complete(JsonToken token)
    {
        _expect = Depth == 0 ? Expect.Nothing : Expect.CommaOrEnd;
        return token;
    }

    private bool TryReadString()
    {
        int start = ++_position;
        while (_position < _text.Length)
        {
            byte next = _text[_position];
            if (next == (byte)'"')
            {
                RawStart = start;
                RawLength = _position++ - start;
                return true;
            }

            if (next < 0x20) return Fail("a control character stands in a string"u8);
            int length = next == (byte)'\\' ? JsonText.EscapeLength(_text.Slice(_position))
                : next < 0x80 ? 1
                : JsonText.Utf8Length(_text.Slice(_position));
            if (length == 0) return Fail(next == (byte)'\\' ? "an escape in a string is not valid"u8 : "a string is not valid UTF-8"u8);
            _position += length;
        }

        return Fail("a string does not end"u8);
    }

    private bool TryReadWord(ReadOnlySpan<byte> word)
    {
        if (!_text.Slice(_position).StartsWith(word)) return Fail("a value is missing or not valid"u8);
        _position += word.Length;
        return true;
    }

    private bool TryReadNumber()
    {
        RawStart = _position;
        bool isNumber = JsonNumber.TrySkip(_text, ref _position, out ReadOnlySpan<byte> error);
        RawLength = _position - RawStart;
        return isNumber || Fail(error);
    }

    private void SkipWhiteSpace()
    {
        while (_position < _text.Length && _text[_position] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r') _position++;
    }

    private JsonToken Bad(ReadOnlySpan<byte> why)
    {
        Fail(why);
        return JsonToken.Bad;
    }

    private bool Fail(ReadOnlySpan<byte> why)
    {
        Error = why;
        return false;
    }
}
