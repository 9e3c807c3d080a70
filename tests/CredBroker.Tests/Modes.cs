using System;
using System.IO;

namespace CredBroker.Tests;

internal static class Modes
{
    /// <summary>As chmod(1) has it: 600, 755.</summary>
    public static string Of(string path) => Convert.ToString((int)File.GetUnixFileMode(path), 8);
}
