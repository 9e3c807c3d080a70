namespace AwsCred;

internal enum JsonToken
{
    /// <summary>The document is not valid; <see cref="JsonReader.Error"/> says why.</summary>
    Bad,
    ObjectStart,
    ObjectEnd,
    ArrayStart,
    ArrayEnd,
    Name,
    String,
    Number,
    True,
    False,
    Null,

    /// <summary>The document is complete and valid.</summary>
    End,
}
