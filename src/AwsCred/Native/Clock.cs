namespace AwsCred.Native;

internal static unsafe class Clock
{
    /// <summary>Seconds since 1970-01-01T00:00:00Z.</summary>
    public static long UtcSeconds()
    {
        Libc.TimeSpec time;
        Libc.clock_gettime(Libc.CLOCK_REALTIME, &time);
        return time.Seconds;
    }

    /// <summary>Milliseconds on a clock that only goes forward.</summary>
    public static long Milliseconds()
    {
        Libc.TimeSpec time;
        Libc.clock_gettime(Libc.CLOCK_MONOTONIC, &time);
        return time.Seconds * 1000 + time.Nanoseconds / 1_000_000;
    }

    /// <summary>Microseconds on a clock that only goes forward.</summary>
    public static long Microseconds()
    {
        Libc.TimeSpec time;
        Libc.clock_gettime(Libc.CLOCK_MONOTONIC, &time);
        return time.Seconds * 1_000_000 + time.Nanoseconds / 1000;
    }

    public static void Sleep(int milliseconds)
    {
        Libc.TimeSpec time = new() { Seconds = milliseconds / 1000, Nanoseconds = milliseconds % 1000 * 1_000_000L };
        Libc.nanosleep(&time, null);
    }
}
