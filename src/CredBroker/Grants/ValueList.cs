using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CredBroker.Grants;

/// <summary>A list that is a value: equal where its items are, in their order. A record that holds one can be the key of a cache.</summary>
internal sealed class ValueList<T>(IEnumerable<T> items) : IReadOnlyList<T>, IEquatable<ValueList<T>>
    where T : notnull
{
    private readonly T[] _items = [.. items];

    public int Count => _items.Length;

    public T this[int index] => _items[index];

    /// <summary>Null for nothing: "none" has one form, in a key as in a file.</summary>
    public static ValueList<T>? OrNull(IReadOnlyList<T> items) => items.Count == 0 ? null : new ValueList<T>(items);

    public bool Equals(ValueList<T>? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (T item in _items) hash.Add(item);
        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", _items)}]";

    public IEnumerator<T> GetEnumerator() => _items.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();
}

/// <summary>As a JSON array.</summary>
internal class ValueListConverter<T> : JsonConverter<ValueList<T>>
    where T : class
{
    public override ValueList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        T?[] items = JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<T?[]>)options.GetTypeInfo(typeof(T[])))!;
        return items.Contains(null) ? throw new JsonException("null stands in a list") : new ValueList<T>(items!);
    }

    public override void Write(Utf8JsonWriter writer, ValueList<T> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, [.. value], (JsonTypeInfo<T[]>)options.GetTypeInfo(typeof(T[])));
}

internal sealed class TextListConverter : ValueListConverter<string>;

internal sealed class TagListConverter : ValueListConverter<SessionTag>;
