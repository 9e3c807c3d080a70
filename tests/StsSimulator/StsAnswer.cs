using System.Xml;

namespace StsSimulator;

/// <summary>The body of an answer to one action, under <c>&lt;Action&gt;Result</c>.</summary>
internal abstract record StsAnswer
{
    public abstract void WriteTo(XmlWriter xml);
}

internal sealed record CallerIdentityAnswer(Caller Caller) : StsAnswer
{
    public override void WriteTo(XmlWriter xml)
    {
        xml.WriteElementString("Arn", Caller.Arn);
        xml.WriteElementString("UserId", Caller.UserId);
        xml.WriteElementString("Account", Caller.AccountId);
    }
}

internal sealed record SessionTokenAnswer(IssuedCredentials Credentials) : StsAnswer
{
    public override void WriteTo(XmlWriter xml) => StsXml.WriteCredentials(xml, Credentials);
}

internal sealed record AssumeRoleAnswer(Caller Session, IssuedCredentials Credentials) : StsAnswer
{
    /// <summary>Percent; null where no policy was given.</summary>
    public int? PackedPolicySize { get; init; }

    public string? SourceIdentity { get; init; }

    public override void WriteTo(XmlWriter xml)
    {
        xml.WriteStartElement("AssumedRoleUser");
        xml.WriteElementString("AssumedRoleId", Session.UserId);
        xml.WriteElementString("Arn", Session.Arn);
        xml.WriteEndElement();
        StsXml.WriteCredentials(xml, Credentials);
        if (PackedPolicySize is int size)
            xml.WriteElementString("PackedPolicySize", $"{size}");
        if (SourceIdentity is not null)
            xml.WriteElementString("SourceIdentity", SourceIdentity);
    }
}
