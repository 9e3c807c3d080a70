using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Xml;

namespace StsSimulator;

/// <summary>Answers and errors as STS writes them: no XML declaration, two spaces, a newline at the end.</summary>
internal static class StsXml
{
    private const string StsNamespace = "https://sts.amazonaws.com/doc/2011-06-15/";

    // Where no operation was found, it is not STS that answers but what stands before every AWS service.
    private const string FaultNamespace = "http://webservices.amazon.com/AWSFault/2005-15-09";

    public static byte[] Answer(string action, StsAnswer answer, string requestId) => Document(xml =>
    {
        xml.WriteStartElement($"{action}Response", StsNamespace);
        xml.WriteStartElement($"{action}Result");
        answer.WriteTo(xml);
        xml.WriteEndElement();
        xml.WriteStartElement("ResponseMetadata");
        xml.WriteElementString("RequestId", requestId);
        xml.WriteEndElement();
        xml.WriteEndElement();
    });

    public static byte[] Error(StsError error, string requestId) => Document(xml =>
    {
        xml.WriteStartElement("ErrorResponse", error.Code == "InvalidAction" ? FaultNamespace : StsNamespace);
        xml.WriteStartElement("Error");
        xml.WriteElementString("Type", error.Status < 500 ? "Sender" : "Receiver");
        xml.WriteElementString("Code", error.Code);
        if (error.Message is not null)
            xml.WriteElementString("Message", Printable(error.Message));
        xml.WriteEndElement();
        xml.WriteElementString("RequestId", requestId);
        xml.WriteEndElement();
    });

    public static void WriteCredentials(XmlWriter xml, IssuedCredentials credentials)
    {
        xml.WriteStartElement("Credentials");
        xml.WriteElementString("AccessKeyId", credentials.AccessKeyId);
        xml.WriteElementString("SecretAccessKey", credentials.SecretAccessKey);
        xml.WriteElementString("SessionToken", credentials.SessionToken);
        xml.WriteElementString("Expiration", credentials.Expiration.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        xml.WriteEndElement();
    }

    private static byte[] Document(Action<XmlWriter> write)
    {
        using MemoryStream stream = new();
        XmlWriterSettings settings = new()
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            Indent = true,
            NewLineChars = "\n",
            OmitXmlDeclaration = true,
        };
        using (XmlWriter xml = XmlWriter.Create(stream, settings))
            write(xml);
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    // Messages repeat what the caller sent, and XML cannot hold control characters.
    private static string Printable(string text) =>
        string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c : '?'));
}
