using Understudy.Evaluation;
using Understudy.Evaluation.Fidelity;

namespace Understudy.Tests.Evaluation.Fidelity;

public sealed class FidelityReportTests
{
    private static readonly FidelityOptions Quick = new() { Seed = 7, Draws = 3, MaxImages = 400, VendiImages = 200 };

    [Fact]
    public void Measure_FreshDrawsOfTheSame_EqualTheirFloor()
    {
        var report = FidelityReport.Measure(Draws.Normal(800, 8, 1), Draws.Normal(800, 8, 2), Quick);
        Assert.Equal(["fd", "kid", "precision", "recall", "density", "coverage", "vendi"], report.Scores.Select(s => s.Name));
        Assert.Equal((400, 3, 800, 800, 8, 8),
            (report.Images, report.Draws, report.Reals, report.Synthetics, report.Dimension, report.FrechetDimension));
        Assert.All(report.Scores.Where(s => s.Name != "kid"),
            s => Assert.InRange(s.OfFloor, s.Name == "fd" ? 0.6 : 0.93, s.Name == "fd" ? 1.6 : 1.07));
        Assert.All(report.Scores, s => Assert.True(s.Range.Contains(s.Value) && s.FloorRange.Contains(s.Floor)));
        Assert.Empty(report.Notes);
    }

    [Fact]
    public void Measure_ACollapsedSet_FallsFarBelowTheFloor()
    {
        var narrow = FidelityReport.Measure(Draws.Normal(800, 8, 1), Draws.Normal(400, 8, 2, scale: 0.2), Quick);
        Assert.True(narrow["coverage"].OfFloor < 0.5);
        Assert.True(narrow["recall"].OfFloor < 0.5);
        Assert.True(narrow["precision"].OfFloor > 0.98);
        Assert.True(narrow["fd"].OfFloor > 10);
    }

    [Fact]
    public void Measure_MoreDimensionsThanTheImagesSupport_ProjectsAndSaysSo()
    {
        var report = FidelityReport.Measure(Draws.Normal(800, 64, 1), Draws.Normal(800, 64, 2), Quick with { Draws = 1 });
        Assert.Equal(20, report.FrechetDimension);
        Assert.StartsWith("fd is taken in 20 principal components", Assert.Single(report.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_AHoldout_IsTheFloorsOtherSide()
    {
        var shifted = FidelityReport.Measure(Draws.Normal(400, 8, 1), Draws.Normal(400, 8, 2), Quick,
            holdout: Draws.Normal(400, 8, 3, shift: 3));
        Assert.Equal(400, shifted.Images);
        Assert.True(shifted["fd"].OfFloor < 0.05);
    }

    [Fact]
    public void Measure_Twice_GivesTheSameBits()
    {
        Features x = Draws.Normal(300, 20, 1), y = Draws.Normal(200, 20, 2);
        Assert.Equal(FidelityReport.Measure(x, y, Quick).Scores, FidelityReport.Measure(x, y, Quick).Scores);
    }

    [Fact]
    public void Measure_TooFew_SaysHowManyItNeeds() =>
        Assert.StartsWith("30 distinct real and 400 synthetic images are too few: 40 and 20 are the least",
        Assert.Throws<ArgumentException>(() =>
            FidelityReport.Measure(Draws.Normal(30, 2, 1), Draws.Normal(400, 2, 2), Quick)).Message, StringComparison.Ordinal);

    [Fact]
    public void PerClass_OneClassCollapsed_IsFoundThereOnly()
    {
        Features x = Draws.Join(Draws.Normal(300, 4, 1), Draws.Normal(300, 4, 2, shift: 9)),
            y = Draws.Join(Draws.Normal(150, 4, 3), Draws.Normal(150, 4, 4, 0.1, 9));
        int[] realLabels = [.. Enumerable.Range(0, 600).Select(i => i / 300)],
            labels = [.. Enumerable.Range(0, 300).Select(i => i / 150)];
        var classes = ClassFidelity.Measure(x, realLabels, y, labels, ["good", "collapsed", "absent"], Quick);
        Assert.Equal(["good", "collapsed", "absent"], classes.Select(c => c.Class));
        Assert.True(classes[0].Report!["coverage"].OfFloor > 0.9);
        Assert.True(classes[1].Report!["coverage"].OfFloor < 0.3);
        Assert.Null(classes[2].Report);
        Assert.Equal("0 distinct real and 0 synthetic images; 40 and 20 are the least", classes[2].Note);
    }
}
