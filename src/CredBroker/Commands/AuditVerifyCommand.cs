using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using CredBroker.Audit;

namespace CredBroker.Commands;

/// <summary><c>audit verify [--expect SEQ:HASH]…</c></summary>
internal static class AuditVerifyCommand
{
    public static Command Create(string path, Messages messages)
    {
        Option<string?> file = AuditCommand.FileOption;
        Option<string[]> expect = new("--expect") { HelpName = "SEQ:HASH", Description = "A head that was noted before, and must be part of the chain: finds what was removed at the end, or written anew. May be repeated" };
        Command command = new("verify", "Check the audit's hash chain from its first line to its last; prints its head, to be noted elsewhere. Example: cred-broker audit verify") { expect, file };
        command.SetAction(parsed => Verify(Path.GetFullPath(parsed.GetValue(file) ?? path), parsed.GetValue(expect) ?? []));
        return command;

        int Verify(string from, string[] expectTexts)
        {
            List<AuditTail> expected = [];
            List<string> problems = [];
            foreach (string text in expectTexts)
            {
                if (TryParseHead(text, out AuditTail head)) expected.Add(head);
                else problems.Add($"--expect '{text}' is not SEQ:HASH, a number and 64 hex digits, as verify prints them");
            }

            if (problems.Count > 0) return messages.FailUsage(problems, "See cred-broker audit verify --help.");
            AuditVerdict verdict;
            try
            {
                verdict = new AuditVerifier(expected).Verify(from);
            }
            catch (IOException e)
            {
                return AuditCommand.FailUnreadable(messages, e);
            }

            foreach (string note in verdict.Notes) messages.Warning(note);
            foreach (string problem in verdict.Problems) messages.Error(problem);
            if (verdict.ProblemCount == 0)
            {
                messages.Result($"good: {verdict.Lines} lines in {verdict.Files} file{(verdict.Files == 1 ? "" : "s")}{(verdict.FirstTime is null ? "" : $", {verdict.FirstTime} to {verdict.LastTime}")}");
                messages.Result($"head: {verdict.Head}");
                return ExitCodes.Done;
            }

            if (verdict.ProblemCount > verdict.Problems.Count) messages.Error($"and {verdict.ProblemCount - verdict.Problems.Count} more");
            messages.Hint("Keep the files as they are: they are evidence. Compare them with a backup.");
            return ExitCodes.Failed;
        }
    }

    private static bool TryParseHead(string text, out AuditTail head)
    {
        head = default;
        if (text.Split(':') is not [string digits, string hash] || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long seq) || !AuditRecord.IsHash(hash)) return false;
        head = new AuditTail(seq, hash);
        return true;
    }
}
