namespace AwsCred;

/// <summary>
/// The large buffers of a run, each with one use. Static and not on the stack, so that 64 KiB of stack are enough; the kernel gives a page
/// when it is first written to, so that none costs more than what stands in it.
/// </summary>
internal static unsafe class RunMemory
{
    private static Buffers s_buffers;

    public static byte* Token => Start->Token;
    public static byte* File => Start->File;
    public static byte* Request => Start->Request;
    public static byte* Received => Start->Received;
    public static byte* Output => Start->Output;
    public static byte* CheckReport => Start->CheckReport;
    public static byte* AwsConfig => Start->AwsConfig;

    private static Buffers* Start
    {
        get
        {
            // Static memory does not move, on .NET neither: the pointer outlives the statement.
            fixed (Buffers* start = &s_buffers) return start;
        }
    }

    private struct Buffers
    {
        public fixed byte Token[Native.SettingsSource.TokenMemory];
        public fixed byte File[Native.EnvironmentFile.MaximumLength];
        public fixed byte Request[HttpRequest.Memory];
        public fixed byte Received[Fetch.ReceiveMemory];
        public fixed byte Output[CredentialDocument.MaximumOutput];
        public fixed byte CheckReport[AwsCred.CheckReport.Memory];
        public fixed byte AwsConfig[AwsConfigCheck.ConfigMemory];
    }
}
