using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;

namespace Shipped.Tests;

/// <summary>A broker that is killed, again and again, in the middle of its work.</summary>
public class ServeKillTests
{
    private const int Kills = 100;

    [Fact]
    public async Task What_it_has_said_yes_to_is_there_when_it_comes_back()
    {
        await using HostUnderTest host = await HostUnderTest.WithGrantAsync();
        Random random = new(20261124);
        ConcurrentDictionary<string, string> alive = new();
        ConcurrentBag<string> revoked = [];
        for (int kill = 0; kill < Kills; kill++)
        {
            using ServingBroker broker = await ServingBroker.StartAsync(host);
            await AssertSameAsync(broker, alive, revoked);
            int operations = 0, last = random.Next(1, 40);
            TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task[] workers = [.. Enumerable.Range(0, 4).Select(worker => WorkAsync(broker, new Random(kill * 4 + worker), alive, revoked, () =>
            {
                if (System.Threading.Interlocked.Increment(ref operations) == last) reached.SetResult();
            }))];
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
            await broker.Process.SendAsync("KILL");
            await Task.WhenAll(workers);
        }

        using ServingBroker survivor = await ServingBroker.StartAsync(host);
        await AssertSameAsync(survivor, alive, revoked);
        foreach (string token in alive.Values.Where(token => token.Length > 0).Take(20)) Assert.Equal(HttpStatusCode.OK, await survivor.AskAsync(token));
        Assert.All(Directory.GetFiles(Path.Combine(host.Folder, "home", "sessions")), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    /// <summary>Makes and revokes sessions until the broker is gone. What it does not answer any more may have happened or not.</summary>
    private static async Task WorkAsync(ServingBroker broker, Random random, ConcurrentDictionary<string, string> alive, ConcurrentBag<string> revoked, Action done)
    {
        List<string> own = [];
        try
        {
            while (true)
            {
                if (own.Count > 2 && random.Next(3) == 0)
                {
                    string id = own[random.Next(own.Count)];
                    own.Remove(id);
                    alive.TryRemove(id, out _);
                    await broker.RevokeAsync(id);
                    revoked.Add(id);
                }
                else
                {
                    (string id, string token) = await broker.CreateAsync();
                    own.Add(id);
                    alive[id] = token;
                }

                done();
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // It was killed.
        }
    }

    private static async Task AssertSameAsync(ServingBroker broker, ConcurrentDictionary<string, string> alive, ConcurrentBag<string> revoked)
    {
        IReadOnlySet<string> there = await broker.ListAsync();
        Assert.Empty(alive.Keys.Except(there));
        Assert.Empty(revoked.Intersect(there));
    }
}
