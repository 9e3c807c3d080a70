using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Text;
using CredBroker.Credentials;

namespace CredBroker.Tests;

/// <summary>Tests that set this process's environment: one at a time, and nothing beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HostEnvironmentTests
{
    public const string Name = "host environment";
}

/// <summary>
/// The environment of a host that has no AWS identity: neither variables, nor files, nor an instance role. What is set here, or was
/// there before, is put back at the end.
/// </summary>
internal sealed class HostEnvironment : IDisposable
{
    /// <summary>One for all tests: the SDK looks up once in a process where its files are.</summary>
    private static readonly TemporaryFolder Home = new();

    private readonly TemporaryFolder _home = Home;
    private readonly Dictionary<string, string?> _before = [];

    static HostEnvironment() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Home.Dispose();

    public HostEnvironment()
    {
        EmptyFiles();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            string name = (string)variable.Key;
            if (name.StartsWith("AWS_", StringComparison.Ordinal)) this[name] = null;
        }

        this["HOME"] = _home.FolderPath;
        this["AWS_CONFIG_FILE"] = _home["settings/config"];
        this["AWS_SHARED_CREDENTIALS_FILE"] = _home["credentials"];
        this["AWS_EC2_METADATA_DISABLED"] = "true";
    }

    /// <summary>Null takes a variable away.</summary>
    public string? this[string name]
    {
        set
        {
            _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    /// <summary>From now on the host's identity is that of these.</summary>
    public void Become(AwsCredentials credentials)
    {
        this["AWS_ACCESS_KEY_ID"] = credentials.AccessKeyId;
        this["AWS_SECRET_ACCESS_KEY"] = Encoding.ASCII.GetString(credentials.SecretAccessKey);
        this["AWS_SESSION_TOKEN"] = Encoding.ASCII.GetString(credentials.SessionToken);
    }

    public void WriteConfig(string text) => _home.Write("settings/config", text);

    public void WriteCredentials(string text) => _home.Write("credentials", text);

    /// <param name="name">A path below the home folder.</param>
    public void WriteHome(string name, string text) => _home.Write(name, text);

    public void Dispose()
    {
        foreach ((string name, string? value) in _before) Environment.SetEnvironmentVariable(name, value);
        EmptyFiles();
    }

    /// <summary>Empty and not away: the SDK takes another place for good if there is no file when it first looks.</summary>
    private void EmptyFiles()
    {
        WriteConfig("");
        WriteCredentials("");
        if (Directory.Exists(_home[".aws"])) Directory.Delete(_home[".aws"], recursive: true);
    }
}
