using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using CredBroker.Audit;

namespace CredBroker.Tests;

/// <summary>A trail of eight lines in three files, in which something is changed.</summary>
public sealed class AuditVerifierTests : IAsyncLifetime
{
    private TrailUnderTest _test = null!;
    private string[] _files = [];
    private AuditTail _head;

    public async Task InitializeAsync()
    {
        _test = TrailUnderTest.Create(rotateAt: 1000);
        await _test.IssueAsync(8);
        await _test.Trail.DisposeAsync();
        _files = [.. AuditFiles.Older(_test.Settings.Path), _test.Settings.Path];
        Assert.Equal([3, 3, 2], _files.Select(file => File.ReadAllLines(file).Length));
        _head = Good();
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    public static TheoryData<string, string, string[]> Changes => new()
    {
        { "an edited line", "s/EXAMPLE0002/EXAMPLE0009/", ["000001.jsonl:2: line 2 was edited"] },
        { "an edited first line", "s/EXAMPLE0001/EXAMPLE0009/", ["000001.jsonl:1: line 1 was edited"] },
        { "an edited last line", "s/EXAMPLE0008/EXAMPLE0009/", ["audit.jsonl:2: line 8 was edited"] },
        { "a member taken out", "s/\"session\":\"abc234abc234\",//", ["000001.jsonl:1: line 1 was edited", "000001.jsonl:2: line 2 was edited", "000001.jsonl:3: line 3 was edited"] },
        { "a space put in", "s/\"seq\":5,/\"seq\": 5,/", ["000004.jsonl:2: line 5 was edited"] },
        { "another number", "s/\"seq\":5,/\"seq\":6,/", ["000004.jsonl:2: line 6 was edited", "000004.jsonl:2: line 5 is missing", "000004.jsonl:3: line 6 is out of order or a second time: expected 7"] },
        { "an edited line with a hash that fits it", "forge 5", ["000004.jsonl:3: line 6 does not follow what stands before it: it says that line 5 has the hash"] },
        { "a removed line", "remove 5", ["000004.jsonl:2: line 5 is missing: expected 5, found 6"] },
        { "removed lines", "remove 5 6 7", ["audit.jsonl:1: lines 5 to 7 are missing: expected 5, found 8"] },
        { "the first line removed", "remove 1", ["000001.jsonl:1: line 1 is missing: expected 1, found 2"] },
        { "two lines the other way round", "swap 5 6", ["000004.jsonl:2: line 5 is missing", "000004.jsonl:3: line 5 is out of order or a second time: expected 7"] },
        { "a line a second time", "repeat 5", ["000004.jsonl:3: line 5 is out of order or a second time: expected 6"] },
        { "an empty line", "insert 5 ", ["000004.jsonl:2: not an audit line (0 bytes)"] },
        { "a line of something else", "insert 5 hello", ["000004.jsonl:2: not an audit line (5 bytes): inserted, cut, or joined with another; expected line 5"] },
        { "a line of JSON", "insert 5 {\"seq\":5}", ["000004.jsonl:2: not an audit line (9 bytes)"] },
        { "a very long line", "insert 5 long", ["000004.jsonl:2: not an audit line (300000 bytes)"] },
        { "two lines joined", "join 5", ["000004.jsonl:2: not an audit line", "audit.jsonl:1: lines 5 to 6 are missing"] },
        { "a line cut in the middle", "cut 5", ["000004.jsonl:2: not an audit line", "000004.jsonl:3: line 5 is missing"] },
        { "the last line cut", "cut 8", ["audit.jsonl:2: the last line is cut: 200 bytes without their end, after line 7"] },
        { "a second member of one name", "s/\"seq\":5,/\"seq\":5,\"seq\":5,/", ["000004.jsonl:2: not an audit line", "000004.jsonl:3: line 5 is missing"] },
        { "two files the other way round", "swapfiles 0 1", ["000001.jsonl:1: lines 1 to 3 are missing", "000004.jsonl:1: line 1 is out of order or a second time: expected 7"] },
        { "the last file removed", "removefile 2", [] /* by itself nothing shows it */ },
        { "a file in the middle removed", "removefile 1", ["audit.jsonl:1: lines 4 to 6 are missing"] },
        { "the first file removed", "removefile 0", ["000004.jsonl:1: lines 1 to 3 are missing: expected 1, found 4 (where older files stand elsewhere, give --expect 3:HASH as it was noted)"] },
        { "a file emptied", "emptyfile 1", ["audit.jsonl:1: lines 4 to 6 are missing"] },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_is_found_and_named(string why, string change, string[] problems)
    {
        Change(change);

        AuditVerdict verdict = _test.Verify();
        Assert.Equal((why, problems.Length), (why, verdict.Problems.Count));
        Assert.All(problems.Zip(verdict.Problems), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
        // And whatever it is, a head that was noted finds it also where it is at the end.
        Assert.NotEqual(0, _test.Verify(_head).ProblemCount);
    }

    [Theory]
    [InlineData("remove 8", "line 8, which is expected, is not there: the last line is 7; what followed was removed")]
    [InlineData("anew", "line 8 with the hash")]
    public async Task What_a_chain_cannot_show_by_itself_a_noted_head_shows(string change, string problem)
    {
        if (change == "anew")
        {
            foreach (string file in _files) File.Delete(file);
            await _test.RestartAsync();
            await _test.IssueAsync(9, 100);
        }
        else Change(change);

        Assert.Equal(0, _test.Verify().ProblemCount);
        Assert.Contains(problem, Assert.Single(_test.Verify(_head).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_of_the_middle_is_part_of_the_chain_and_one_before_the_first_file_is_where_it_begins()
    {
        AuditTail third = AuditRecord.Parse(System.Text.Encoding.ASCII.GetBytes(File.ReadAllLines(_files[0])[2]))!.Tail;
        Assert.Equal(0, _test.Verify(third, _head).ProblemCount);

        File.Delete(_files[0]);

        Assert.Equal(0, _test.Verify(third, _head).ProblemCount);
        Assert.NotEqual(0, _test.Verify(third with { Hash = _head.Hash }).ProblemCount);
    }

    [Fact]
    public void No_random_change_of_the_bytes_is_missed()
    {
        Random random = new(42); // the same changes in every run
        string[] contents = [.. _files.Select(File.ReadAllText)];
        for (int round = 0; round < 2000; round++)
        {
            int file = random.Next(_files.Length), at = random.Next(contents[file].Length);
            char[] text = contents[file].ToCharArray();
            string changed = random.Next(4) switch
            {
                0 => new string([.. text[..at], (char)(text[at] ^ 1 << random.Next(7)), .. text[(at + 1)..]]),
                1 => contents[file].Remove(at, random.Next(1, contents[file].Length - at + 1)),
                2 => contents[file].Insert(at, ((char)random.Next(32, 127)).ToString()),
                _ => contents[file].Insert(at, contents[random.Next(_files.Length)][random.Next(300)..]),
            };
            if (changed == contents[file]) continue;
            File.WriteAllText(_files[file], changed);

            Assert.True(_test.Verify(_head).ProblemCount > 0, $"round {round}: {_files[file]} at {at}");

            File.WriteAllText(_files[file], contents[file]);
        }

        Good();
    }

    [Fact]
    public void Ten_thousand_problems_are_twenty_lines()
    {
        File.WriteAllLines(_files[2], Enumerable.Repeat("x", 10_000));

        Assert.Equal((20, 10_000L), (_test.Verify().Problems.Count, _test.Verify().ProblemCount));
    }

    [Fact]
    public void No_file_is_no_good_chain()
    {
        foreach (string file in _files) File.Delete(file);

        Assert.Throws<FileNotFoundException>(() => _test.Verify());
    }

    private AuditTail Good()
    {
        AuditVerdict verdict = _test.Verify();
        Assert.Equal((0L, 8L, 3, 8L), (verdict.ProblemCount, verdict.Lines, verdict.Files, verdict.Head.Seq));
        return verdict.Head;
    }

    private void Change(string change)
    {
        if (change.StartsWith("s/", StringComparison.Ordinal))
        {
            string[] parts = change.Split('/');
            // The first file alone where it is in all lines: three are enough to look at.
            string file = _files.First(name => File.ReadAllText(name).Contains(parts[1], StringComparison.Ordinal));
            File.WriteAllText(file, File.ReadAllText(file).Replace(parts[1], parts[2], StringComparison.Ordinal));
            return;
        }

        string[] words = change.Split(' ', 3);
        int first = int.Parse(words[1], null);
        if (words[0] == "removefile") File.Delete(_files[first]);
        else if (words[0] == "emptyfile") File.WriteAllText(_files[first], "");
        else if (words[0] == "swapfiles")
        {
            string[] contents = [File.ReadAllText(_files[0]), File.ReadAllText(_files[1])];
            File.WriteAllText(_files[0], contents[1]);
            File.WriteAllText(_files[1], contents[0]);
        }
        else ChangeLines(words[0], first, words.Length > 2 ? words[2] : "");
    }

    private void ChangeLines(string verb, int seq, string rest)
    {
        foreach (string file in _files)
        {
            List<string> lines = [.. File.ReadAllLines(file)];
            int at = lines.FindIndex(line => line.Contains($"\"seq\":{seq},", StringComparison.Ordinal));
            if (verb == "remove") lines.RemoveAll(line => $"{seq} {rest}".Split(' ', StringSplitOptions.RemoveEmptyEntries).Any(number => line.Contains($"\"seq\":{number},", StringComparison.Ordinal)));
            else if (at < 0) continue;
            else if (verb == "forge") lines[at] = Forged(lines[at].Replace("EXAMPLE0005", "EXAMPLE9999", StringComparison.Ordinal));
            else if (verb == "swap") (lines[at], lines[at + 1]) = (lines[at + 1], lines[at]);
            else if (verb == "repeat") lines.Insert(at, lines[at]);
            else if (verb == "insert") lines.Insert(at, rest == "long" ? new string('x', 300_000) : rest);
            else if (verb == "cut") lines[at] = lines[at][..200];
            else if (verb == "join")
            {
                lines[at] += lines[at + 1];
                lines.RemoveAt(at + 1);
            }

            File.WriteAllLines(file, lines);
        }
    }

    /// <summary>As somebody does it who knows how the hash is made.</summary>
    private static string Forged(string line)
    {
        string body = line[..line.IndexOf(",\"hash\":\"", StringComparison.Ordinal)];
        return $"{body},\"hash\":\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(body)))}\"}}";
    }
}
