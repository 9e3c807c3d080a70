using System.Collections.Immutable;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace ReadyToRun;

/// <summary>
/// A type as an argument of a generic one. All reference types are one, as their code is shared: <c>System.__Canon</c>, or, where there is a constraint, the
/// first type that it names, which the compiler takes for the same.
/// </summary>
/// <param name="Name">Without its namespace.</param>
/// <param name="Type">Its reference in the profile; nil for a primitive type.</param>
/// <param name="IsReference">Whether it is a reference type.</param>
/// <param name="Primitive">Which, if it is a primitive value type.</param>
internal sealed record ArgumentType(string Name, EntityHandle Type, bool IsReference, PrimitiveTypeCode? Primitive = null)
{
    public ImmutableArray<ArgumentType> Arguments { get; init; } = [];

    /// <summary>Whether code for it is shared with other types.</summary>
    public bool IsShared => IsReference || Arguments.Any(each => each.IsShared);

    public void Encode(SignatureTypeEncoder encoder)
    {
        if (Primitive is { } primitive)
        {
            encoder.PrimitiveType(primitive);
        }
        else if (Arguments.IsEmpty)
        {
            encoder.Type(Type, isValueType: !IsReference);
        }
        else
        {
            GenericTypeArgumentsEncoder arguments = encoder.GenericInstantiation(Type, Arguments.Length, isValueType: !IsReference);
            foreach (ArgumentType argument in Arguments) argument.Encode(arguments.AddArgument());
        }
    }
}
