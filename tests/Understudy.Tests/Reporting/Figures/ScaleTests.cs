using Understudy.Reporting;
using Understudy.Reporting.Figures;

namespace Understudy.Tests.Reporting.Figures;

public class ScaleTests
{
    [Theory]
    [InlineData(0, 1, "0 .2 .4 .6 .8 1.0")]
    [InlineData(.13, .92, "0 .2 .4 .6 .8 1.0")]
    [InlineData(-1.3, 2.4, "−2 −1 0 1 2 3")]
    [InlineData(0, 25000, "0 5,000 10,000 15,000 20,000 25,000")]
    [InlineData(.0012, .0019, ".0012 .0014 .0016 .0018 .0020")]
    [InlineData(3, 3, "2.6 2.8 3.0 3.2 3.4")]
    [InlineData(double.NaN, 1, "0 .2 .4 .6 .8 1.0")]
    public void Ticks_AreRoundAndCoverTheData(double low, double high, string labels)
    {
        var scale = new Scale(low, high);
        Assert.Equal(labels, string.Join(' ', scale.Ticks.Select(scale.Label)));
    }

    [Fact]
    public void Tight_TicksLieInsideTheData()
    {
        var scale = new Scale(1, 12, 7, tight: true);
        Assert.Equal("2 4 6 8 10 12", string.Join(' ', scale.Ticks.Select(scale.Label)));
        Assert.Equal((0, 1), (scale.Place(1), scale.Place(12)));
        Assert.Equal("0 10 20 30 40", string.Join(' ', new Scale(.08, 39.92, tight: true).Ticks.Select(scale.Label)));
    }

    [Theory]
    [InlineData(1, 1, "1")]
    [InlineData(1, 2, "1 2")]
    [InlineData(1, 3, "1 2 3")]
    [InlineData(1, 40, "10 20 30 40")]
    public void Whole_ShortAxis_HasNoTickBetweenEpochs(double low, double high, string labels)
    {
        var scale = new Scale(low, high, 7, tight: true, whole: true);
        Assert.Equal(labels, string.Join(' ', scale.Ticks.Select(scale.Label)));
    }

    [Fact]
    public void Draw_CurveOfTwoEpochs_IsMarkedAtItsEpochsOnly()
    {
        var svg = LineChart.Draw("t", "epoch", "loss", [new("a", [new(1, .5), new(2, .25)], Palette.At(0))]).ToString();
        var ticks = System.Text.RegularExpressions.Regex.Matches(svg, "text-anchor=\"middle\">([^<]*)</text>")
            .Select(m => m.Groups[1].Value);
        Assert.Equal(["1", "2", "epoch", "loss"], ticks);
    }

    [Fact]
    public void Thin_LongCurve_KeepsItsMean()
    {
        CurvePoint[] points = [.. Enumerable.Range(0, 1200).Select(i => new CurvePoint(i, i % 5))];
        // The short one is smoothed as the long one is, or the two would not compare.
        var drawn = LineChart.Drawable([new("long", points, Palette.At(0)), new("short", points[..100], Palette.At(1))]);
        Assert.Equal([LineChart.MostPoints, 20], drawn.Select(l => l.Points.Count));
        Assert.All(drawn.SelectMany(l => l.Points), p => Assert.Equal(2, p.Y));
    }
}
