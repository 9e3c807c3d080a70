using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using CredBroker.Files;

namespace CredBroker.Grants;

/// <summary>The grants of this user: one JSON file, 0600, replaced as a whole.</summary>
/// <param name="path">The file; its folder is made, 0700, when the first grant is stored.</param>
internal sealed class GrantFile(string path)
{
    /// <summary>The code of a failure that lasts until the file changes: it has been read.</summary>
    public const string BadFile = "GrantsUnreadable";

    public string Path => path;

    /// <summary>All grants, by name. No file: none. A file that is not ours to understand: a failure, and it stays as it is.</summary>
    public bool TryRead(out IReadOnlyList<Grant> grants, out Failure? failure)
    {
        grants = [];
        failure = null;
        try
        {
            if (WhyNotTrusted() is string open)
            {
                failure = new Failure(FailureKind.Host, "GrantsOpen", $"the grants are not trusted: {open}", "Whoever may write them may give themselves any role of this host. Look at what stands in the file, then close it.");
                return false;
            }

            using FileStream stream = File.OpenRead(path);
            GrantDocument? document = JsonSerializer.Deserialize(stream, GrantJson.Default.GrantDocument);
            if (document is not { Version: 1, Grants: not null })
            {
                failure = Unusable("it is not of version 1, which this cred-broker reads");
                return false;
            }

            if (WhyNotUsable(document.Grants) is string why)
            {
                failure = Unusable(why);
                return false;
            }

            grants = document.Grants;
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            failure = e is JsonException json ? Unusable(WhyNotJson(json)) : Unusable(e.Message) with { Code = "GrantsNotRead" };
            return false;
        }
    }

    public bool TryFind(string name, out Grant? grant, out Failure? failure)
    {
        grant = null;
        if (!TryRead(out IReadOnlyList<Grant> grants, out failure)) return false;
        grant = grants.FirstOrDefault(candidate => candidate.Name == name);
        if (grant is not null) return true;
        string known = grants.Count == 0 ? "there is none yet" : "there are " + string.Join(", ", grants.Select(g => g.Name));
        failure = new Failure(FailureKind.NotFound, "GrantNotFound", $"there is no grant '{name}' ({known})", $"Make it: {Grant.CommandFor(name)} --role ROLE-ARN");
        return false;
    }

    /// <summary>Adds a grant, or puts it in the place of the one of its name.</summary>
    public bool TryStore(Grant grant, out bool replaced, out Failure? failure) =>
        TryChange(grants => [.. grants.Where(g => g.Name != grant.Name), grant], grant.Name, out replaced, out failure);

    /// <param name="removed">False where there was none of that name.</param>
    public bool TryRemove(string name, out bool removed, out Failure? failure) =>
        TryChange(grants => [.. grants.Where(g => g.Name != name)], name, out removed, out failure);

    private bool TryChange(Func<IReadOnlyList<Grant>, Grant[]> change, string name, out bool had, out Failure? failure)
    {
        had = false;
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!, UnixModes.PrivateFolder);
            using FileLock exclusive = FileLock.Wait(path + ".lock");
            if (!TryRead(out IReadOnlyList<Grant> before, out failure)) return false;
            had = before.Any(grant => grant.Name == name);
            Grant[] after = [.. change(before).OrderBy(grant => grant.Name, StringComparer.Ordinal)];
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(new GrantDocument(1, after), GrantJson.Default.GrantDocument);
            AtomicFile.Write(path, [.. json, (byte)'\n'], UnixModes.PrivateFile);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failure = new Failure(FailureKind.Host, "GrantsNotStored", $"cannot write the grants in {path}: {e.Message}", "Make the folder writable for this user, or set CRED_BROKER_HOME to another.");
            return false;
        }
    }

    /// <summary>People edit this file: what stands in it is checked as what is typed is.</summary>
    private static string? WhyNotUsable(Grant?[] grants)
    {
        foreach (Grant? grant in grants)
        {
            if (grant is null) return "one of its grants is null";
            if (!GrantDraft.Of(grant).TryAccept(null, out Grant? accepted, out IReadOnlyList<string> problems)) return $"its grant '{grant.Name}' could not be granted: {string.Join("; ", problems)}";
            if (accepted != grant) return $"its grant '{grant.Name}' has an empty text or list, or a tag whose key has '='";
        }

        IGrouping<string, Grant?>? same = grants.GroupBy(grant => grant!.Name).FirstOrDefault(group => group.Count() > 1);
        return same is null ? null : $"it has more than one grant '{same.Key}'";
    }

    private static string WhyNotJson(JsonException e)
    {
        string where = $"{(e.LineNumber is { } line ? $", in line {line + 1}" : "")}{(e.Path is { Length: > 1 } path ? $", at {path}" : "")}";
        // A property that nobody knows is told by a message alone.
        return e.Message.Contains("could not be mapped", StringComparison.Ordinal) ? $"it has a property that this cred-broker does not know{where}" : $"it is not valid JSON of grants{where}";
    }

    private string? WhyNotTrusted()
    {
        if (!File.Exists(path)) return null;
        try
        {
            PrivateFolder.EnsureItself(System.IO.Path.GetDirectoryName(path)!);
            return (File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == 0 ? null : $"{path} is writable for others (chmod 600 mends it)";
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    private Failure Unusable(string why) =>
        new(FailureKind.Host, BadFile, $"cannot read the grants in {path}: {why}", "Mend the file, or move it away and grant again.");
}

internal sealed record GrantDocument(int Version, Grant[] Grants);

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    // What this version does not know may be what narrows the grant: without it the grant would be wider than somebody meant.
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(TextListConverter), typeof(TagListConverter)])]
[JsonSerializable(typeof(GrantDocument))]
[JsonSerializable(typeof(Grant[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(SessionTag[]))]
internal sealed partial class GrantJson : JsonSerializerContext;
