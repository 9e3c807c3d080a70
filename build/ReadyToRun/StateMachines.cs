using System.Linq;
using System.Reflection.Metadata;

namespace ReadyToRun;

/// <summary>
/// Finds the async methods whose state machine sits in a box of shared code, <c>AsyncTaskMethodBuilder&lt;__Canon&gt;.AsyncStateMachineBox&lt;…&gt;</c>: those
/// with a result of a reference type, and those that are generic over one. The compiler makes the boxes of all others; of these it does not know, as their
/// type is looked up while the program runs, and the JIT compiles about six methods for each that is used, at every start.
/// </summary>
internal static class StateMachines
{
    /// <summary>Adds the methods of their boxes to <paramref name="profile"/>, for one assembly.</summary>
    /// <returns>The number of boxes.</returns>
    public static int AddTo(CompilerProfile profile, MetadataReader metadata)
    {
        var import = new TypeImport(profile, metadata);
        return metadata.TypeDefinitions.Count(type => TryAdd(profile, import, metadata, type));
    }

    private static bool TryAdd(CompilerProfile profile, TypeImport import, MetadataReader metadata, TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        if (!type.GetInterfaceImplementations().Any(each => IsNamed(metadata, metadata.GetInterfaceImplementation(each).Interface, "IAsyncStateMachine"))) return false;
        // Built for debugging they are classes, and their code is shared already.
        if (!IsNamed(metadata, type.BaseType, "ValueType")) return false;
        if (ResultOf(profile, import, metadata, type) is not { } result || import.OverSharedArguments(handle) is not { } machine) return false;
        if (!result.IsShared && !machine.IsShared) return false;

        profile.AddBox(import.Assembly, result, machine);
        return true;
    }

    /// <summary>The result of the method, which its builder has as an argument; null for what has no such box, an iterator for one.</summary>
    private static ArgumentType? ResultOf(CompilerProfile profile, TypeImport import, MetadataReader metadata, TypeDefinition type)
    {
        FieldDefinitionHandle builder = type.GetFields().FirstOrDefault(field => metadata.StringComparer.Equals(metadata.GetFieldDefinition(field).Name, "<>t__builder"));
        if (builder.IsNil) return null;
        ArgumentType built = metadata.GetFieldDefinition(builder).DecodeSignature(import, null);
        return built.Name switch
        {
            "AsyncTaskMethodBuilder" or "AsyncValueTaskMethodBuilder" => new("VoidTaskResult", profile.CoreType("System.Threading.Tasks", "VoidTaskResult"), IsReference: false),
            "AsyncTaskMethodBuilder`1" or "AsyncValueTaskMethodBuilder`1" => built.Arguments[0],
            _ => null,
        };
    }

    private static bool IsNamed(MetadataReader metadata, EntityHandle type, string name) => type.Kind switch
    {
        HandleKind.TypeReference => metadata.StringComparer.Equals(metadata.GetTypeReference((TypeReferenceHandle)type).Name, name),
        HandleKind.TypeDefinition => metadata.StringComparer.Equals(metadata.GetTypeDefinition((TypeDefinitionHandle)type).Name, name),
        _ => false,
    };
}
