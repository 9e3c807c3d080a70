using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using CredBroker.Broker;

namespace CredBroker.Commands;

/// <summary>The options that say where a broker listens, and how.</summary>
internal sealed class ListenerOptions
{
    private const int AllModes = 0b111_111_111;

    private readonly Option<string[]> _listen = new("--listen") { HelpName = "URL", Description = $"Where to listen, as often as wanted: {ListenAddress.ValidValues}", DefaultValueFactory = _ => ["http://127.0.0.1:0"] };
    private readonly Option<string?> _certificate = new("--tls-cert") { HelpName = "PEM", Description = "For https: the certificate and its chain; read again when it changes" };
    private readonly Option<string?> _key = new("--tls-key") { HelpName = "PEM", Description = "For https: the certificate's key, closed to other users" };
    private readonly Option<string> _mode = new("--socket-mode") { HelpName = "MODE", Description = "Who may connect to a unix socket, as chmod has it", DefaultValueFactory = _ => "0600" };
    private readonly Option<string?> _group = new("--socket-group") { HelpName = "GROUP", Description = "The group of a unix socket: a name or a number" };
    private readonly Option<string[]> _hosts = new("--host") { HelpName = "NAME", Description = "One more name that clients may know the broker by, as often as wanted" };
    private readonly Option<bool> _insecure = new("--insecure-listen") { Description = "Listen on http beyond loopback: whoever sees the traffic can use the tokens and credentials in it" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_listen, _certificate, _key, _mode, _group, _hosts, _insecure]) command.Add(option);
    }

    /// <summary>The addresses in their order, and what holds for all of them. Adds to <paramref name="problems"/> all that is wrong.</summary>
    public (IReadOnlyList<ListenAddress> Addresses, ListenSettings Settings) Read(ParseResult parsed, List<string> problems)
    {
        List<ListenAddress> addresses = [];
        foreach (string text in parsed.GetValue(_listen)!)
        {
            if (!ListenAddress.TryParse(text, out ListenAddress? address, out string? why, parsed.GetValue(_insecure))) problems.Add($"--listen {why}; it must be {ListenAddress.ValidValues}");
            else if (addresses.Contains(address) && address.EndPoint?.Port != 0) problems.Add($"--listen '{text}' is given more than once");
            else addresses.Add(address);
        }

        string? certificate = parsed.GetValue(_certificate), key = parsed.GetValue(_key);
        bool isTls = addresses.Any(address => address.Scheme == ListenScheme.Https);
        if (isTls && (string.IsNullOrEmpty(certificate) || string.IsNullOrEmpty(key))) problems.Add("--listen https:// needs both --tls-cert and --tls-key");
        if (!isTls && problems.Count == 0 && (certificate is not null || key is not null)) problems.Add("--tls-cert and --tls-key are for --listen https://, and there is none");
        string mode = parsed.GetValue(_mode)!;
        bool isMode = mode.Length is 3 or 4 && mode.All(c => c is >= '0' and <= '7') && (Convert.ToInt32(mode, 8) & ~AllModes) == 0;
        if (!isMode) problems.Add($"--socket-mode '{mode}' is not a mode as chmod has it, as 0600 and 0660 are");
        bool isUnix = addresses.Any(address => address.SocketPath is not null);
        if (!isUnix && problems.Count == 0 && (parsed.GetResult(_mode) is { Implicit: false } || parsed.GetResult(_group) is { Implicit: false })) problems.Add("--socket-mode and --socket-group are for --listen unix:, and there is none");
        int? group = parsed.GetValue(_group) is string name ? UnixSocket.FindGroup(name) ?? Unknown(name) : null;
        foreach (string host in parsed.GetValue(_hosts) ?? [])
        {
            if (Uri.CheckHostName(host) == UriHostNameType.Unknown) problems.Add($"--host '{host}' is not a host's name or address; its port does not belong here");
        }

        return (addresses, new ListenSettings
        {
            Tls = isTls && !string.IsNullOrEmpty(certificate) && !string.IsNullOrEmpty(key) ? new TlsFiles(Path.GetFullPath(certificate), Path.GetFullPath(key)) : null,
            SocketMode = isMode ? (UnixFileMode)Convert.ToInt32(mode, 8) : 0,
            SocketGroup = group,
            HostNames = parsed.GetValue(_hosts) ?? [],
        });

        int? Unknown(string name)
        {
            problems.Add($"--socket-group '{name}' is not a group of this host");
            return null;
        }
    }
}
