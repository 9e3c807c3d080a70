using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CredBroker.Audit;
using CredBroker.Broker;
using CredBroker.Credentials;
using CredBroker.Files;
using CredBroker.Grants;
using CredBroker.Metrics;
using CredBroker.Sessions;

namespace CredBroker.Commands;

/// <summary><c>serve</c>: a broker for what others start, with the sessions of its store, until it is stopped.</summary>
internal static class ServeCommand
{
    public static Command Create(GrantFile grants, StatePaths paths, AssumeRole assumeRole, LogIn logIn, WhyNotLoggedIn whyNotLoggedIn, BrokerLog log, TimeProvider clock, Messages messages)
    {
        ServeOptions options = new(paths);
        Command command = new("serve", "Serve credentials until stopped, to the sessions that cred-broker session makes. Example: cred-broker serve --listen http://127.0.0.1:8181");
        options.AddTo(command);
        command.SetAction((parsed, _) => options.Read(parsed, out IReadOnlyList<string> problems) is { } settings
            ? RunAsync(settings)
            : Task.FromResult(messages.FailUsage(problems, "See cred-broker serve --help.")));
        return command;

        async Task<int> RunAsync(ServeSettings settings)
        {
            IReadOnlyList<Failure> missing = GrantSelection.Find(grants, settings.Grants, out IReadOnlyList<Grant> granted);
            if (missing.Count > 0) return missing.Select(messages.Fail).Last();
            using StopSignals signals = new();
            Session own = new(Session.NewId(), settings.Grants, clock.GetUtcNow(), DateTimeOffset.MaxValue);
            if (await LogInAsync(own, granted, signals.Stopping) is { } unproven) return messages.Fail(unproven);
            // On another thread, while this one makes the server: it is a third of the time until the first answer.
            Task<Opened> opening = Task.Run(() => Opened.Open(settings.Store));
            try
            {
                return await ServeAsync(settings, opening, own, granted, signals.Stopping);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return messages.Fail(new Failure(FailureKind.Host, "CannotServe", $"cannot serve: {e.Message}", "Check what --listen, --tls-cert, --tls-key, --store, --control and --token-file name: a free port, a certificate with its key, places that are this user's alone."));
            }
            finally
            {
                (await opening).Store?.Dispose();
            }
        }

        // Once it serves, there may be no terminal any more.
        async Task<Failure?> LogInAsync(Session own, IReadOnlyList<Grant> granted, CancellationToken stopping)
        {
            try
            {
                foreach (Grant grant in granted)
                {
                    if (await logIn(RoleRequest.For(grant, own.Id), stopping) is { } refusal) return refusal;
                }

                return null;
            }
            catch (OperationCanceledException)
            {
                return new Failure(FailureKind.Host, "Interrupted", "interrupted before anything was served");
            }
        }

        // What is opened last is closed first: no requests, no sweep, and then the store has everything.
        async Task<int> ServeAsync(ServeSettings settings, Task<Opened> opening, Session own, IReadOnlyList<Grant> granted, CancellationToken stopping)
        {
            using BrokerMetrics metrics = new();
            using PrometheusText text = new(metrics);
            await using AuditTrail audit = new(settings.Audit, clock, log, metrics);
            if (await audit.OpenAsync(stopping) is { } unwritable) return messages.Fail(unwritable);
            await using RoleCredentialCache cache = new(assumeRole, clock, log, metrics);
            LiveGrants current = new(grants, log, LiveGrants.Usual);
            BrokerServices services = new(new SessionTable(clock, rate: settings.SessionRate), current.Find, cache, audit, metrics, log, clock)
            {
                MetricsText = text.Write,
                GrantsAreStale = () => current.IsStale,
                WhyNotLoggedIn = whyNotLoggedIn,
            };
            services.Observe();
            using IDisposable? export = OtlpExport.StartIfAsked(Environment.GetEnvironmentVariable, log);
            using Endpoints endpoints = new(services);
            Gate requests = new(), orders = new();
            Listener[] listeners = [.. settings.Addresses.Select(address => new Listener(address, requests.HandleAsync, settings.Listening)), ControlSocket.At(settings.Control, orders.HandleAsync)];
            await using BrokerHost broker = BrokerHost.Build(listeners, log);
            Opened opened = await opening;
            if (opened.Failure is { } unusable) return messages.Fail(unusable);
            SessionLifecycle lifecycle = new(services.Sessions, opened.Store, services.Audit, log, clock);
            try
            {
                await ListenAndResumeAsync(broker, lifecycle, opened.Kept, current);
            }
            catch
            {
                requests.Close();
                orders.Close();
                throw;
            }

            await using SessionSweep sweep = new(lifecycle, clock);
            await using IAsyncDisposable first = broker;
            string[] urls = [.. broker.Addresses.SkipLast(1).Select(address => address.CredentialsUrl)];
            requests.Open(endpoints.HandleAsync);
            orders.Open(new ControlEndpoints(services, lifecycle, urls).HandleAsync);
            if (settings.TokenPath is not { } tokenPath) return await WaitAsync([.. urls.Select(url => $"AWS_CRED_URL={url}"), $"CRED_BROKER_CONTROL={settings.Control}"], stopping);

            SessionToken token = new();
            LiveSession ownLive = new(own, token);
            // Not in the store: its token goes with this process.
            SessionLifecycle ownLifecycle = new(services.Sessions, store: null, services.Audit, log, clock);
            if (await ownLifecycle.BeginAsync(ownLive) is { } refusal) return messages.Fail(refusal);
            foreach (Grant grant in granted) services.Credentials.Hold(ownLive, grant);
            try
            {
                AtomicFile.Write(tokenPath, Encoding.ASCII.GetBytes(token.Text + "\n"), UnixModes.PrivateFile);
                try
                {
                    return await WaitAsync([.. urls.Select(url => $"AWS_CRED_URL={url}"), $"AWS_CRED_TOKEN_FILE={tokenPath}", $"CRED_BROKER_CONTROL={settings.Control}"], stopping);
                }
                finally
                {
                    Remove(tokenPath);
                }
            }
            finally
            {
                await ownLifecycle.EndAsync(own, SessionEnd.BrokerStopped);
            }
        }

        // What is in it opens nothing from now on: that it stays is no reason to end badly.
        void Remove(string tokenPath)
        {
            try
            {
                File.Delete(tokenPath);
            }
            catch (DirectoryNotFoundException)
            {
                // It went with its folder.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                log.TokenFileLeft(tokenPath, e.Message);
            }
        }

        // Both at once: who asks before the sessions are known waits at the gate.
        static async Task ListenAndResumeAsync(BrokerHost broker, SessionLifecycle lifecycle, IReadOnlyList<LiveSession> kept, LiveGrants current)
        {
            Task resuming = Task.Run(() => lifecycle.Resume(kept, SessionSweep.Slack));
            try
            {
                await broker.StartAsync();
                // What is wrong with them stands in the log at once, and the first who asks need not wait.
                current.Refresh();
            }
            finally
            {
                await resuming;
            }
        }

        async Task<int> WaitAsync(IReadOnlyList<string> lines, CancellationToken stopping)
        {
            foreach (string line in lines) messages.Result(line);
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, clock, stopping);
            }
            catch (OperationCanceledException)
            {
                // It is time.
            }

            return ExitCodes.Done;
        }
    }

    /// <summary>The store and the sessions that it has kept, or why they cannot be had.</summary>
    private sealed record Opened(SessionStore? Store, IReadOnlyList<LiveSession> Kept, Failure? Failure)
    {
        public static Opened Open(string path)
        {
            if (!SessionStore.TryOpen(path, out SessionStore? store, out Failure? failure)) return new Opened(null, [], failure);
            return store.TryRead(out IReadOnlyList<LiveSession> kept, out failure) ? new Opened(store, kept, null) : new Opened(store, [], failure);
        }
    }
}
