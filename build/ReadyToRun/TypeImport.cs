using System;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;

namespace ReadyToRun;

/// <summary>The types of one assembly as the profile refers to them.</summary>
internal sealed class TypeImport(CompilerProfile profile, MetadataReader metadata) : ISignatureTypeProvider<ArgumentType, TypeImport?>
{
    private const byte ClassKind = 0x12; // ELEMENT_TYPE_CLASS

    private readonly ArgumentType _shared = new("__Canon", profile.CoreType("System", "__Canon"), IsReference: true);

    public string Assembly { get; } = metadata.GetString(metadata.GetAssemblyDefinition().Name);

    /// <summary>The structure over shared arguments, if it is generic.</summary>
    /// <returns>Null if it wants a value type, of which there is no end.</returns>
    public ArgumentType? OverSharedArguments(TypeDefinitionHandle structure)
    {
        var parameters = metadata.GetTypeDefinition(structure).GetGenericParameters().Select(metadata.GetGenericParameter).ToList();
        if (parameters.Any(each => each.Attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))) return null;
        return GetTypeFromDefinition(metadata, structure, rawTypeKind: 0) with { Arguments = [.. parameters.Select(Satisfying)] };
    }

    private ArgumentType Satisfying(GenericParameter parameter)
    {
        EntityHandle constraint = parameter.GetConstraints().Select(each => metadata.GetGenericParameterConstraint(each).Type)
            .FirstOrDefault(each => each.Kind is HandleKind.TypeDefinition or HandleKind.TypeReference);
        return constraint.IsNil ? _shared : new(_shared.Name, Import(constraint), IsReference: true);
    }

    private EntityHandle Import(EntityHandle type)
    {
        if (type.Kind == HandleKind.TypeDefinition)
        {
            TypeDefinition definition = metadata.GetTypeDefinition((TypeDefinitionHandle)type);
            TypeDefinitionHandle outer = definition.GetDeclaringType();
            return profile.Type(outer.IsNil ? profile.Assembly(Assembly) : Import(outer), metadata.GetString(definition.Namespace), metadata.GetString(definition.Name));
        }

        TypeReference reference = metadata.GetTypeReference((TypeReferenceHandle)type);
        EntityHandle scope = reference.ResolutionScope.Kind switch
        {
            HandleKind.TypeReference => Import(reference.ResolutionScope),
            HandleKind.AssemblyReference => profile.Assembly(metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)reference.ResolutionScope).Name)),
            _ => throw new BadImageFormatException($"{Assembly}: a type of a {reference.ResolutionScope.Kind}"),
        };
        return profile.Type(scope, metadata.GetString(reference.Namespace), metadata.GetString(reference.Name));
    }

    public ArgumentType GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        rawTypeKind == ClassKind ? _shared : new(metadata.GetString(metadata.GetTypeDefinition(handle).Name), Import(handle), IsReference: false);

    public ArgumentType GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        rawTypeKind == ClassKind ? _shared : new(metadata.GetString(metadata.GetTypeReference(handle).Name), Import(handle), IsReference: false);

    public ArgumentType GetGenericInstantiation(ArgumentType genericType, ImmutableArray<ArgumentType> typeArguments) =>
        genericType.IsReference ? genericType : genericType with { Arguments = typeArguments };

    public ArgumentType GetPrimitiveType(PrimitiveTypeCode typeCode) =>
        typeCode is PrimitiveTypeCode.Object or PrimitiveTypeCode.String ? _shared : new(typeCode.ToString(), default, IsReference: false, typeCode);

    public ArgumentType GetSZArrayType(ArgumentType elementType) => _shared;
    public ArgumentType GetArrayType(ArgumentType elementType, ArrayShape shape) => _shared;
    public ArgumentType GetGenericTypeParameter(TypeImport? genericContext, int index) => _shared;
    public ArgumentType GetGenericMethodParameter(TypeImport? genericContext, int index) => _shared;
    public ArgumentType GetModifiedType(ArgumentType modifier, ArgumentType unmodifiedType, bool isRequired) => unmodifiedType;
    public ArgumentType GetTypeFromSpecification(MetadataReader reader, TypeImport? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public ArgumentType GetByReferenceType(ArgumentType elementType) => throw NotInAField();
    public ArgumentType GetFunctionPointerType(MethodSignature<ArgumentType> signature) => throw NotInAField();
    public ArgumentType GetPinnedType(ArgumentType elementType) => throw NotInAField();
    public ArgumentType GetPointerType(ArgumentType elementType) => throw NotInAField();

    private BadImageFormatException NotInAField() => new($"{Assembly}: a builder's result cannot be a pointer");
}
