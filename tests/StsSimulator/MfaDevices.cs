using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace StsSimulator;

/// <summary>The users' devices: each of their codes is good once.</summary>
internal sealed class MfaDevices
{
    private readonly Lock gate = new();
    private readonly HashSet<(string Serial, string Code)> used = [];

    /// <summary>Why the code does not prove that the caller has the device; null if it does, or none is given.</summary>
    public StsError? Refusal(Caller caller, MfaParameters mfa)
    {
        if (!mfa.IsGiven)
            return null;
        if (mfa.SerialNumber is null || mfa.TokenCode is null)
            return Failed(", must provide both MFA serial number and one time pass code.");
        // A role has no device, and neither does anybody have another's.
        if (caller.User?.MfaSerial != mfa.SerialNumber)
            return Failed(", unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.");
        lock (gate)
            return caller.User.MfaCodes.Contains(mfa.TokenCode) && used.Add((mfa.SerialNumber, mfa.TokenCode))
                ? null
                : Failed(" with invalid MFA one time pass code. ");
    }

    private static StsError Failed(string why) => StsError.AccessDenied($"MultiFactorAuthentication failed{why}");
}
