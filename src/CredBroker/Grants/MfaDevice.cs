using System;
using System.Linq;

namespace CredBroker.Grants;

/// <summary>The serial number by which AWS knows an MFA device. Source: STS API reference, AssumeRole, SerialNumber.</summary>
internal static class MfaDevice
{
    public const string ValidValues = "a virtual device's ARN (arn:aws:iam::123456789012:mfa/alice) or a hardware device's serial number";

    /// <summary>Why a text is none; null where it is one.</summary>
    /// <param name="partition">The role's: a device is of the identity that assumes the role, and both are of one partition; null: not known.</param>
    public static string? WhyNotSerial(string serial, Partition? partition)
    {
        if (serial.Length is < 9 or > 256) return $"has {serial.Length} characters, and must have 9 to 256";
        if (!serial.All(c => char.IsAsciiLetterOrDigit(c) || "_+=/:,.@-".Contains(c, StringComparison.Ordinal))) return "has a character outside A-Z a-z 0-9 _ + = / : , . @ -";
        if (!serial.StartsWith("arn:", StringComparison.Ordinal)) return null;
        bool isDevice = serial.Split(':', 6) is [_, string named, "iam", "", { Length: 12 } account, string resource]
            && Partition.Find(named) is not null && account.All(char.IsAsciiDigit) && resource.StartsWith("mfa/", StringComparison.Ordinal) && resource.Length > "mfa/".Length;
        if (!isDevice) return "is an ARN, but not one of an MFA device: arn:PARTITION:iam::ACCOUNT:mfa/NAME";
        return partition is null || serial.Split(':')[1] == partition.Name ? null : $"is not of the partition {partition.Name} that the role is in";
    }
}
