namespace Understudy.Reporting.Figures;

/// <summary>Our own style sheets: <c>figure.css</c> for what is drawn, <c>report.css</c> for the page around it.</summary>
internal static class Style
{
    public static string Of(string name)
    {
        using var stream = typeof(Style).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
