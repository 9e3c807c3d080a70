using System;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace CredBroker.Runs;

/// <summary>A question on the terminal itself: standard input may be a pipe that belongs to COMMAND. What is typed shows: a code of MFA is good once.</summary>
internal static class TerminalPrompt
{
    private const int LongestAnswer = 64;

    /// <summary>One line; null where there is no terminal, or no more to be read from it.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before the line was there.</exception>
    public static async Task<string?> AskAsync(string question, CancellationToken cancellation)
    {
        // A process in the background that reads the terminal is stopped by the kernel, without a word.
        if (!Terminal.IsForeground()) return null;
        try
        {
            // Reading a terminal cannot be cancelled: the thread is left to wait, and the process ends without it.
            return await Task.Factory.StartNew(() => Ask(question), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Ask(string question)
    {
        using FileStream terminal = new("/dev/tty", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        terminal.Write(Encoding.UTF8.GetBytes(question));
        StringBuilder line = new();
        for (int next = terminal.ReadByte(); next != '\n'; next = terminal.ReadByte())
        {
            if (next < 0) return null;
            if (line.Length < LongestAnswer) line.Append((char)next);
        }

        return line.ToString();
    }
}
