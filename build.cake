// build/cake TASK runs these; it installs what they need first.
var target = Argument("target", "help");
var configuration = "Release";

Task("help").Does(() => Information("""
    build/cake demo          builds all, and shows the main job; needs no AWS account
    build/cake test          builds all, and runs every test
    build/cake build         builds all in the ordinary form
    build/cake helpers       publishes artifacts/helpers/linux-x64/aws-cred and .../linux-arm64/aws-cred
    build/cake host          publishes artifacts/host/linux-x64/cred-broker
    build/cake fuzz          compares the helper's JSON with System.Text.Json on 1,000,000 damaged documents
    build/cake bench-helper  measures aws-cred against C, Go and sh+curl
    build/cake bench-broker  measures cred-broker serve against an nginx that returns the same body statically
    build/cake format        formats the sources
    """));

Task("helpers").DoesForEach(new[] { "linux-x64", "linux-arm64" }, rid =>
    DotNetBuild("src/AwsCred", new DotNetBuildSettings
    {
        Configuration = configuration,
        MSBuildSettings = new DotNetMSBuildSettings().WithProperty("HelperRid", rid).WithTarget("PublishHelper"),
        Verbosity = DotNetVerbosity.Minimal,
    }));

Task("build").IsDependentOn("helpers").Does(() =>
    DotNetBuild("Helper.sln", new DotNetBuildSettings { Configuration = configuration, Verbosity = DotNetVerbosity.Minimal }));

Task("host").IsDependentOn("helpers").Does(() =>
    DotNetPublish("src/CredBroker", new DotNetPublishSettings
    {
        Configuration = configuration,
        OutputDirectory = "artifacts/host/linux-x64",
        // In folders of its own: the ordinary form, which is not self-contained, would overwrite what tells whether anything changed.
        MSBuildSettings = new DotNetMSBuildSettings().WithProperty("ArtifactsPivots", "host"),
        Verbosity = DotNetVerbosity.Minimal,
    }));

Task("demo").IsDependentOn("build").IsDependentOn("host").Does(() =>
{
    if (StartProcess("build/demo") != 0) throw new CakeException("the demo failed");
});

Task("test").IsDependentOn("build").IsDependentOn("host").DoesForEach(() => GetFiles("tests/*.Tests/*.csproj"), project =>
    DotNetTest(project.FullPath, new DotNetTestSettings
    {
        Configuration = configuration,
        NoBuild = true,
        Loggers = new[] { "trx;LogFileName=" + project.GetFilenameWithoutExtension() + ".trx" },
        ResultsDirectory = "artifacts/test-results",
        Verbosity = DotNetVerbosity.Minimal,
    })).DeferOnError();

Task("fuzz").Does(() =>
    DotNetTest("tests/AwsCred.Tests", new DotNetTestSettings
    {
        Configuration = configuration,
        Filter = "FullyQualifiedName~JsonAgreement",
        EnvironmentVariables = new Dictionary<string, string> { ["FUZZ_DOCUMENTS"] = "1000000" },
    }));

Task("bench-helper").IsDependentOn("helpers").Does(() =>
{
    if (StartProcess("build/bench/helper") != 0) throw new CakeException("the benchmark failed");
});

Task("bench-broker").IsDependentOn("build").IsDependentOn("host").Does(() =>
{
    if (StartProcess("build/bench/broker") != 0) throw new CakeException("the benchmark failed");
});

Task("format").Does(() => DotNetFormat("Helper.sln"));

RunTarget(target);
