using CredBroker.Grants;

namespace CredBroker.Credentials;

/// <summary>What goes wrong around the code of an MFA device.</summary>
internal static class MfaFailure
{
    public static Failure NoTerminal(string serial) => new(
        FailureKind.Host,
        "MfaNoTerminal",
        $"the grant asks for a code of the MFA device {serial}, and there is no terminal to ask on",
        "Start it in the foreground of a terminal; a service needs a grant without --mfa-serial.");

    /// <summary>GetSessionToken needs no permission: with a code, AccessDenied is about the code or its device.</summary>
    public static Failure WrongCode(string serial, bool isTemporary, string detail) => new(
        FailureKind.Refused,
        "MfaRefused",
        $"AWS does not accept the code for the MFA device {serial}" + (isTemporary ? ", or does not let this host's identity assume the role with it" : ""),
        isTemporary
            ? "An MFA device is a user's: where the host's identity is a role, grant with --aws-profile PROFILE of one that has the user's own keys."
            : "A code is good once and for half a minute; check that the device is the one of the host's identity: aws iam list-mfa-devices.",
        detail);

    public static Failure NotACode(string serial) => new(
        FailureKind.Refused, "MfaRefused", $"what was typed is not a code of the MFA device {serial}: a code is 6 digits", "Type the 6 digits that the device shows.");

    public static Failure Ended(RoleRequest request) => new(
        FailureKind.Refused,
        "MfaNeeded",
        $"there is no MFA session of {request.MfaSerial}: it has ended, or its code has not been asked for",
        "Start the command again, or the broker with serve --grant of this grant, on a terminal: it asks for the code once, at the start.");
}
