using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CredBroker.Grants;

namespace CredBroker.Runs;

/// <summary>The AWS config of a run: a profile for each grant, and the first grant's for those who name none.</summary>
internal static class AwsConfig
{
    /// <param name="helper">The path of aws-cred; of characters that no shell and no parser of configs minds.</param>
    /// <param name="grants">One that is called <c>default</c> stands first: to the SDKs its profile is the default one.</param>
    public static string Write(string helper, IReadOnlyList<Grant> grants)
    {
        StringBuilder text = new("# Written by cred-broker run, and removed when the run ends.\n");
        Section(text, Grant.DefaultName, helper, grants[0].Region);
        foreach (Grant grant in grants.Where(grant => grant.Name != Grant.DefaultName)) Section(text, "profile " + grant.Name, $"{helper} --grant {grant.Name}", grant.Region);
        return text.ToString();
    }

    private static void Section(StringBuilder text, string name, string process, string region) =>
        text.Append($"[{name}]\ncredential_process = {process}\nregion = {region}\n");
}
