using System;
using System.Runtime.InteropServices;

namespace AwsCred.Native;

/// <summary>
/// The end of the whole run, DNS included, by the kernel's timer: when it comes, the process says what it was doing and exits 1.
/// </summary>
internal static unsafe class Deadline
{
    public const int Seconds = 10;

    private const int ReportMemory = 2 * Line.Size + 128;

    private static Line s_phase;
    private static Line s_lastFailure;
    private static long s_start;
    private static delegate*<ReadOnlySpan<byte>, bool> s_report;

    public static void Start()
    {
        s_start = Clock.Milliseconds();
        // A broker or a reader that goes away, or a file that may not grow (ulimit -f), is an error to report, not a signal to die of;
        // and no core file may hold a secret.
        Libc.signal(Libc.SIGPIPE, Libc.SIG_IGN);
        Libc.signal(Libc.SIGXFSZ, Libc.SIG_IGN);
        Libc.prctl(Libc.PR_SET_DUMPABLE, 0, 0, 0, 0);
        Libc.signal(Libc.SIGALRM, (nint)(delegate* unmanaged<int, void>)&OnAlarm);
        // Blocked signals stay blocked through execve: a parent that blocks this one must not switch the deadline off.
        ulong* signals = stackalloc ulong[16]; // sigset_t
        for (int i = 0; i < 16; i++) signals[i] = 0;
        signals[0] = 1UL << (Libc.SIGALRM - 1);
        Libc.sigprocmask(Libc.SIG_UNBLOCK, signals, null);
        Libc.alarm(Seconds);
    }

    public static long ElapsedMilliseconds => Clock.Milliseconds() - s_start;
    public static long LeftMilliseconds => Seconds * 1000 - ElapsedMilliseconds;

    /// <summary>Says what the run is doing now, for the message at the end of the time.</summary>
    public static void Enter(ReadOnlySpan<byte> doing, ReadOnlySpan<byte> what = default)
    {
        fixed (Line* line = &s_phase) line->Set(doing, what);
    }

    public static void RememberFailure(ReadOnlySpan<byte> failure)
    {
        fixed (Line* line = &s_lastFailure) line->Set(failure, default);
    }

    /// <summary>Has something other than the line on standard error say that the time is over; null: the line again.</summary>
    /// <param name="report">Runs in the handler, so it may write and do nothing else; false where it could not.</param>
    public static void ReportBy(delegate*<ReadOnlySpan<byte>, bool> report) => s_report = report;

    [UnmanagedCallersOnly]
    private static void OnAlarm(int signal)
    {
        // Nothing but poll, write and _exit: the run may be anywhere, in malloc, too.
        byte* memory = stackalloc byte[ReportMemory];
        Text text = new(memory, ReportMemory);
        ReadOnlySpan<byte> start = "aws-cred: error: "u8;
        text.Append(start);
        text.Append("timed out after 10 s while "u8);
        fixed (Line* line = &s_phase) line->AppendTo(ref text);
        fixed (Line* line = &s_lastFailure)
        {
            if (line->Length > 0) text.Append("; before that: "u8);
            line->AppendTo(ref text);
        }

        if (s_report != null && s_report(text.Written.Slice(start.Length))) Libc._exit((int)ExitCode.Failed);
        text.Append((byte)'\n');
        // The time is over: whoever does not read standard error must not hold the process.
        Output.TryWriteAtOnce(2, text.Written);
        Libc._exit((int)ExitCode.Failed);
    }

    /// <summary>A short text in static memory, where the handler finds it whatever the stack holds.</summary>
    private struct Line
    {
        public const int Size = 500;
        public int Length;
        private fixed byte _bytes[Size];

        public void Set(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
        {
            Length = 0; // an alarm in the middle of this finds a short text, never a mixed one
            fixed (byte* bytes = _bytes)
            {
                Text text = new(bytes, Size);
                text.Append(a);
                text.Append(b);
                Length = text.Length;
            }
        }

        public void AppendTo(ref Text text)
        {
            fixed (byte* bytes = _bytes) text.Append(new ReadOnlySpan<byte>(bytes, Length));
        }
    }
}
