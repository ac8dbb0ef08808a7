using System.Xml;
using System.Xml.Linq;

namespace Understudy.Tests.Reporting;

/// <summary>Reads a report as XML: it parses only when every name in it was escaped and every element closed.</summary>
internal static class Html
{
    public static XDocument Load(string path) => Parse(File.ReadAllText(path));

    public static XDocument Parse(string html)
    {
        using var reader = XmlReader.Create(new StringReader(html), new() { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }
}
