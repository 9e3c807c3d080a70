using System;

namespace AwsCred;

/// <summary>The keys of the objects that are open, so that none stands in one twice.</summary>
internal ref struct JsonKeys
{
    private readonly Span<JsonKey> _keys;
    private int _count;

    public JsonKeys(Span<JsonKey> memory) => _keys = memory;

    /// <param name="text">The document.</param>
    /// <param name="key">Where it stands there, and how deep.</param>
    /// <param name="error">Why it is refused, where it is.</param>
    public bool TryAdd(ReadOnlySpan<byte> text, JsonKey key, out ReadOnlySpan<byte> error)
    {
        error = "a key stands in it twice"u8;
        for (int i = _count - 1; i >= 0 && _keys[i].Depth == key.Depth; i--)
        {
            if (JsonText.AreEqual(text.Slice(_keys[i].Start, _keys[i].Length), text.Slice(key.Start, key.Length))) return false;
        }

        error = "it has too many keys"u8;
        if (_count == _keys.Length) return false;
        _keys[_count++] = key;
        return true;
    }

    /// <summary>Forgets those of the object that ends.</summary>
    public void Close(int depth)
    {
        while (_count > 0 && _keys[_count - 1].Depth == depth) _count--;
    }
}

/// <summary>Where a key of an open object stands in the document.</summary>
internal struct JsonKey
{
    public int Start;
    public int Length;
    public int Depth;
}
