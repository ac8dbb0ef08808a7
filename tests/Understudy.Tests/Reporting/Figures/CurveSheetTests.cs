using System.Xml.Linq;
using Understudy.Reporting;
using Understudy.Reporting.Figures;

namespace Understudy.Tests.Reporting.Figures;

public sealed class CurveSheetTests
{
    private static GeneratorCurves Curves(double fd) => new(
        [new("generator", [new(1, 2), new(2, 1)]), new("discriminator fake", [new(1, 1), new(2, 1.5)])],
        [new("Fréchet distance", [new(2, fd)]), new("spread", [new(1, double.NaN)])]);

    private static string[] Named(string svg, string kind) =>
        [.. XDocument.Parse(svg).Descendants().Where(e => (string?)e.Attribute("class") == kind).Select(e => e.Value)];

    [Fact]
    public void Draw_OneTraining_HasItsLossesInOneChart()
    {
        var svg = CurveSheet.Draw([("faces <b>", Curves(3))]);
        Assert.Equal(["losses", "Fréchet distance"], Named(svg, "name"));
        // Two lines and their two swatches; the only value of the distance is a dot.
        Assert.Equal(4, Named(svg, "line c0").Length + Named(svg, "line c1").Length);
        Assert.Single(Named(svg, "dot c0"));
        Assert.Contains("<title>Training of faces &lt;b&gt;</title>", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_SeveralTrainings_HasAChartForEachMeasure()
    {
        var svg = CurveSheet.Draw([("narrow", Curves(3)), ("wide", Curves(2))]);
        Assert.Equal(["Fréchet distance", "loss of the generator", "loss of the discriminator fake"], Named(svg, "name"));
        Assert.Contains("wide: from 2 to 2.", svg, StringComparison.Ordinal);
    }
}
