using System.IO;

namespace StsSimulator.Tests;

/// <summary>A test that needs the AWS CLI, and says so where there is none.</summary>
internal sealed class AwsCliFactAttribute : FactAttribute
{
    public const string Path = "/usr/bin/aws";

    public AwsCliFactAttribute()
    {
        if (!File.Exists(Path))
            Skip = $"{Path} is not installed";
    }
}
