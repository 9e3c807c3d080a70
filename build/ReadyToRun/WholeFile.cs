using System;
using System.IO;

namespace ReadyToRun;

/// <summary>A file that is there as a whole, or as it was: a build that is interrupted leaves nothing half-written that the next would take.</summary>
internal static class WholeFile
{
    public static void Write(string file, Action<Stream> write)
    {
        string unfinished = file + ".new";
        using (FileStream stream = File.Create(unfinished)) write(stream);
        File.Move(unfinished, file, overwrite: true);
    }
}
