using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace ReadyToRun;

/// <summary>
/// A profile for crossgen2's <c>--mibc</c>, which compiles all that it names. It is an assembly, whose code is not run but read: a method
/// <c>AssemblyDictionary</c> names the assemblies and for each a method, and that names the methods of the profile, each by <c>ldtoken</c> and <c>pop</c>.
/// What the compiler does not find it leaves out. Source: dotnet/runtime, src/coreclr/tools/aot/ILCompiler.ReadyToRun/IBC/MIbcProfileParser.cs.
/// </summary>
internal sealed class CompilerProfile
{
    // The same from the same assemblies: nothing in it is new with each build.
    private static readonly Guid Identity = new("3f8d0a52-6a0e-4c0e-9f0c-2f5a1d7b9e44");

    private readonly MetadataBuilder _metadata = new();
    private readonly Dictionary<string, EntityHandle> _assemblies = [];
    private readonly Dictionary<(EntityHandle Scope, string Namespace, string Name), EntityHandle> _types = [];
    private readonly SortedDictionary<string, List<EntityHandle>> _methods = new(StringComparer.Ordinal);

    public EntityHandle Assembly(string name)
    {
        if (!_assemblies.TryGetValue(name, out EntityHandle handle))
            _assemblies[name] = handle = _metadata.AddAssemblyReference(_metadata.GetOrAddString(name), new Version(), default, default, default, default);
        return handle;
    }

    /// <param name="scope">Its assembly, or the type that it is nested in.</param>
    /// <param name="space">Its namespace; empty if it is nested.</param>
    /// <param name="name">With the number of its parameters.</param>
    public EntityHandle Type(EntityHandle scope, string space, string name)
    {
        if (!_types.TryGetValue((scope, space, name), out EntityHandle handle))
            _types[(scope, space, name)] = handle = _metadata.AddTypeReference(scope, _metadata.GetOrAddString(space), _metadata.GetOrAddString(name));
        return handle;
    }

    public EntityHandle CoreType(string space, string name) => Type(Assembly("System.Private.CoreLib"), space, name);

    /// <summary>Adds all that runs of the box of a state machine.</summary>
    /// <param name="assembly">Where the machine is.</param>
    /// <param name="result">What its method results in.</param>
    /// <param name="machine">The machine.</param>
    public void AddBox(string assembly, ArgumentType result, ArgumentType machine)
    {
        var signature = new BlobBuilder();
        EntityHandle generic = Type(CoreType("System.Runtime.CompilerServices", "AsyncTaskMethodBuilder`1"), "", "AsyncStateMachineBox`1");
        GenericTypeArgumentsEncoder arguments = new BlobEncoder(signature).TypeSpecificationSignature().GenericInstantiation(generic, 2, isValueType: false);
        result.Encode(arguments.AddArgument());
        machine.Encode(arguments.AddArgument());
        EntityHandle box = _metadata.AddTypeSpecification(_metadata.GetOrAddBlob(signature));
        EntityHandle thread = CoreType("System.Threading", "Thread"), context = CoreType("System.Threading", "ExecutionContext"), action = CoreType("System", "Action");

        Add(".cctor", isInstance: false, returns => returns.Void());
        Add(".ctor", isInstance: true, returns => returns.Void());
        Add("MoveNext", isInstance: true, returns => returns.Void());
        Add("MoveNext", isInstance: true, returns => returns.Void(), type => type.Type(thread, isValueType: false));
        Add("ExecuteFromThreadPool", isInstance: true, returns => returns.Void(), type => type.Type(thread, isValueType: false));
        Add("ExecutionContextCallback", isInstance: false, returns => returns.Void(), type => type.Object());
        Add("ClearStateUponCompletion", isInstance: true, returns => returns.Void());
        Add("get_Context", isInstance: true, returns => returns.Type().Type(context, isValueType: false));
        Add("get_MoveNextAction", isInstance: true, returns => returns.Type().Type(action, isValueType: false));

        void Add(string name, bool isInstance, Action<ReturnTypeEncoder> returns, Action<SignatureTypeEncoder>? parameter = null)
        {
            var method = new BlobBuilder();
            new BlobEncoder(method).MethodSignature(isInstanceMethod: isInstance).Parameters(parameter is null ? 0 : 1, returns, parameters => parameter?.Invoke(parameters.AddParameter().Type()));
            if (!_methods.TryGetValue(assembly, out List<EntityHandle>? methods)) _methods[assembly] = methods = [];
            methods.Add(_metadata.AddMemberReference(box, _metadata.GetOrAddString(name), _metadata.GetOrAddBlob(method)));
        }
    }

    public void Write(string file)
    {
        StringHandle name = _metadata.GetOrAddString(Path.GetFileName(file));
        _metadata.AddModule(0, name, _metadata.GetOrAddGuid(Identity), default, default);
        _metadata.AddAssembly(name, new Version(), default, default, default, default);
        _metadata.AddTypeDefinition(default, default, _metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));

        var bodies = new MethodBodyStreamEncoder(new BlobBuilder());
        var dictionary = new InstructionEncoder(new BlobBuilder());
        foreach ((string assembly, List<EntityHandle> methods) in _methods)
        {
            var code = new InstructionEncoder(new BlobBuilder());
            foreach (EntityHandle method in methods) Mention(code, method);
            dictionary.LoadString(_metadata.GetOrAddUserString(assembly + ";"));
            Mention(dictionary, AddMethod("Assembly_" + assembly, code, bodies));
        }

        AddMethod("AssemblyDictionary", dictionary, bodies);
        var image = new BlobBuilder();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(_metadata), bodies.Builder, deterministicIdProvider: _ => new BlobContentId(Identity, 0)).Serialize(image);
        WholeFile.Write(file, image.WriteContentTo);
    }

    private static void Mention(InstructionEncoder code, EntityHandle method)
    {
        code.OpCode(ILOpCode.Ldtoken);
        code.Token(method);
        code.OpCode(ILOpCode.Pop);
    }

    private MethodDefinitionHandle AddMethod(string name, InstructionEncoder code, MethodBodyStreamEncoder bodies)
    {
        code.OpCode(ILOpCode.Ret);
        var signature = new BlobBuilder();
        new BlobEncoder(signature).MethodSignature().Parameters(0, returns => returns.Void(), _ => { });
        return _metadata.AddMethodDefinition(MethodAttributes.Public | MethodAttributes.Static, MethodImplAttributes.IL, _metadata.GetOrAddString(name), _metadata.GetOrAddBlob(signature),
            bodies.AddMethodBody(code), MetadataTokens.ParameterHandle(1));
    }
}
