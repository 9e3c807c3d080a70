using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using StsSimulator;

namespace Shipped.Tests;

/// <summary>The broker that others start things for: its sessions, its control socket, its end.</summary>
public class ServeTests
{
    [Fact]
    public async Task Session_that_was_made_on_curl_serves_a_helper_until_it_is_revoked()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        using ServingBroker broker = await ServingBroker.StartAsync(host);

        ProcessResult made = await CurlAsync(broker, "http://localhost/v1/sessions", "-d", """{"grants":["default"],"ttl":"12h","label":"build 17"}""");

        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        JsonElement session = JsonDocument.Parse(made.OutputBytes).RootElement;
        Dictionary<string, string> settings = new() { ["AWS_CRED_URL"] = session.GetProperty("urls")[0].GetString()!, ["AWS_CRED_TOKEN"] = session.GetProperty("token").GetString()! };
        ProcessResult helper = await ProcessRun.RunAsync([ShippedFiles.Helper("linux-x64")], settings);
        Assert.Equal((0, ""), (helper.ExitCode, helper.Error));
        string id = session.GetProperty("id").GetString()!;
        Assert.EndsWith(id, host.Sts.Calls[^1].Parameters["RoleSessionName"], StringComparison.Ordinal);

        ProcessResult revoked = await CurlAsync(broker, $"http://localhost/v1/sessions/{id}", "-X", "DELETE", "-o", "/dev/null", "-w", "%{http_code}");

        Assert.Equal((0, "204", ""), revoked.All);
        Assert.Equal(1, (await ProcessRun.RunAsync([ShippedFiles.Helper("linux-x64")], settings)).ExitCode);
    }

    [Fact]
    public async Task Session_that_was_made_by_the_command_serves_a_helper()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        using ServingBroker broker = await ServingBroker.StartAsync(host);

        ProcessResult made = await host.BrokerAsync("session", "create", "--grant", "aws");

        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        ProcessResult helper = await ProcessRun.RunAsync(["/bin/sh", "-c", "set -a; eval \"$1\"; exec \"$2\"", "sh", made.Output, ShippedFiles.Helper("linux-x64")], []);
        Assert.Equal((0, ""), (helper.ExitCode, helper.Error));
        Assert.Equal("", (await host.BrokerAsync("session", "list")).Error);
    }

    [Fact]
    public async Task Metrics_go_to_the_collector_that_the_environment_names()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        await using ScriptedBroker collector = ScriptedBroker.Start(BrokerPlay.Ok("") with { IsRepeated = true });
        Dictionary<string, string> environment = host.Environment;
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url;
        environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        using ProcessRun serve = ProcessRun.Start([ShippedFiles.Broker, "serve"], environment);
        Assert.StartsWith("AWS_CRED_URL=", await serve.LineAsync(), StringComparison.Ordinal);
        Assert.StartsWith("CRED_BROKER_CONTROL=", await serve.LineAsync(), StringComparison.Ordinal);

        await serve.SendAsync("TERM");

        Assert.Equal(0, (await serve.EndAsync()).ExitCode);
        Assert.StartsWith("POST /v1/metrics ", collector.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_sessions_of_different_grants_get_what_is_theirs()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        Assert.Equal(0, (await host.BrokerAsync("grant", "aws", "--name", "short", "--role", HostUnderTest.Role, "--session-duration", "15m")).ExitCode);
        using ServingBroker broker = await ServingBroker.StartAsync(host);
        (string longId, string longToken) = await broker.CreateAsync();
        (string shortId, string shortToken) = await broker.CreateAsync("""{"grants":["short"]}""");

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], await Task.WhenAll(broker.AskAsync(longToken), broker.AskAsync(shortToken)));

        Dictionary<string, string> durations = host.Sts.Calls.TakeLast(2).ToDictionary(call => call.Parameters["RoleSessionName"][^12..], call => call.Parameters["DurationSeconds"]);
        Assert.Equal(("3600", "900"), (durations[longId], durations[shortId]));
    }

    [Fact]
    public async Task Grant_that_is_revoked_is_revoked_for_brokers_that_run()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        using ServingBroker broker = await ServingBroker.StartAsync(host);
        (_, string token) = await broker.CreateAsync();
        Assert.Equal(HttpStatusCode.OK, await broker.AskAsync(token));

        Assert.Equal(0, (await host.BrokerAsync("grant", "revoke", "default")).ExitCode);

        Assert.Equal(HttpStatusCode.NotFound, await broker.AskAsync(token));
    }

    [Fact]
    public async Task Broker_that_is_stopped_ends_what_it_has_begun_and_comes_back_with_its_sessions()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        string id, token;
        using (ServingBroker broker = await ServingBroker.StartAsync(host))
        {
            (id, token) = await broker.CreateAsync();
            CallGate gate = host.Sts.Faults.Hold(1);
            Task<HttpStatusCode> asked = broker.AskOnceAsync(token);
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
            await gate.WaitForCallsAsync(1, limit.Token);

            await broker.Process.SendAsync("TERM");
            gate.Release();

            // From STS, or that it takes too long: an answer, and no broken connection.
            Assert.Contains(await asked, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]);
            Assert.Equal((0, ""), ((await broker.Process.EndAsync()).ExitCode, ""));
            Assert.False(Path.Exists(broker.Control));
        }

        using ServingBroker next = await ServingBroker.StartAsync(host);
        Assert.Equal([id], await next.ListAsync());
        Assert.Equal(HttpStatusCode.OK, await next.AskAsync(token));
    }

    [Fact]
    public async Task Second_broker_says_that_there_is_one_and_takes_nothing_from_it()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        using ServingBroker broker = await ServingBroker.StartAsync(host);
        (string id, _) = await broker.CreateAsync();

        ProcessResult sameStore = await host.BrokerAsync("serve");
        ProcessResult sameSocket = await host.BrokerAsync("serve", "--store", Path.Combine(host.Folder, "other", "sessions.db"));

        Assert.Equal((1, ""), (sameStore.ExitCode, sameStore.Output));
        Assert.StartsWith("cred-broker: error: another broker works with the sessions in ", sameStore.Error, StringComparison.Ordinal);
        Assert.Equal((1, ""), (sameSocket.ExitCode, sameSocket.Output));
        Assert.Contains($"cred-broker: error: cannot serve: {broker.Control} is another broker's, which is running", sameSocket.Error, StringComparison.Ordinal);
        Assert.Equal([id], await broker.ListAsync());
    }

    [Fact]
    public async Task Address_that_is_not_this_machines_is_named()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();

        ProcessResult result = await host.BrokerAsync("serve", "--insecure-listen", "--listen", "http://192.0.2.1:8080");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("cred-broker: error: cannot serve: cannot listen on 192.0.2.1:8080: Cannot assign requested address\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_file_whose_folder_is_gone_keeps_no_broker_from_ending_well()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        string folder = Directory.CreateDirectory(Path.Combine(host.Folder, "handed")).FullName;
        using ProcessRun serve = ProcessRun.Start([ShippedFiles.Broker, "serve", "--grant", "aws", "--token-file", Path.Combine(folder, "token")], host.Environment);
        for (int line = 0; line < 3; line++) Assert.NotEqual("", await serve.LineAsync());

        Directory.Delete(folder, recursive: true);
        await serve.SendAsync("TERM");

        ProcessResult end = await serve.EndAsync();
        Assert.Equal(0, end.ExitCode);
        Assert.Contains("\"kind\":\"session-ended\"", await File.ReadAllTextAsync(host.AuditFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_file_that_cannot_be_written_is_left_as_it_was_and_its_session_ends()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        // So long that there is no name for what is written before it takes this one.
        string token = Path.Combine(host.Folder, new string('t', 250));
        await File.WriteAllTextAsync(token, "mine");

        ProcessResult result = await host.BrokerAsync("serve", "--grant", "aws", "--token-file", token);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("cred-broker: error: cannot serve: ", result.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(token));
        Assert.Contains("\"kind\":\"session-ended\"", await File.ReadAllTextAsync(host.AuditFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_that_another_process_holds_is_not_waited_for_without_end()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        // Locks it as flock(1) does.
        using FileStream held = new(host.AuditFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        ProcessResult result = await host.BrokerAsync("serve");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"cred-broker: error: the audit cannot be written, and without it nothing is granted or given: {host.AuditFile} could not be had for 5 s", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_broker_the_commands_say_how_to_start_one()
    {
        await using HostUnderTest host = await HostUnderTest.StartAsync();

        ProcessResult list = await host.BrokerAsync("session", "list");

        Assert.Equal((1, ""), (list.ExitCode, list.Output));
        Assert.Contains("hint: Start one: cred-broker serve", list.Error, StringComparison.Ordinal);
    }

    private static Task<ProcessResult> CurlAsync(ServingBroker broker, string url, params string[] arguments) =>
        ProcessRun.RunAsync(["/usr/bin/curl", "-sS", "--unix-socket", broker.Control, url, .. arguments], []);
}
