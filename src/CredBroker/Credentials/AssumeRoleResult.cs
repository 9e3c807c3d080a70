namespace CredBroker.Credentials;

/// <summary>What came of one call, or of asking the cache: credentials, or why there are none. Exactly one of the two is set.</summary>
internal readonly record struct AssumeRoleResult
{
    public AssumeRoleResult(AwsCredentials credentials) => Credentials = credentials;

    public AssumeRoleResult(Failure failure) => Failure = failure;

    public AwsCredentials? Credentials { get; }
    public Failure? Failure { get; }
}
