using Understudy.Common;
using Understudy.Evaluation;
using Understudy.Evaluation.Statistics;
using Understudy.Evaluation.Utility;
using Understudy.Tests.Reporting;

namespace Understudy.Tests.Evaluation.Statistics;

public class BootstrapTests
{
    private static readonly BootstrapOptions Few = new(Replicates: 400, Seed: 3);

    [Fact]
    public void Point_IsTheMeanOverSeedsOfTheScores()
    {
        var seeds = Enumerable.Range(1, 3).Select(s => Draw(1.5, (ulong)s)).ToArray();
        var b = Bootstrap.Of(seeds, Few);
        Assert.All(Enum.GetValues<Measure>(), m => Assert.Equal(seeds.Average(s => Scores.From(s)[m]), b.Point(m), 1e-12));
    }

    [Fact]
    public void Interval_OfAccuracy_IsCloseToTheBinomialOne()
    {
        var p = Draw(1.5, 1, images: 2000);
        var b = Bootstrap.Of([p], new(2000)).Interval(Measure.Accuracy);
        var exact = Proportions.Wilson(ConfusionMatrix.From(p).Correct, 2000);
        Assert.Equal(exact.Low, b.Low, 0.004);
        Assert.Equal(exact.High, b.High, 0.004);
    }

    [Fact]
    public void Interval_SameSeedAndOtherRowOrder_IsBitEqual()
    {
        var p = Draw(1, 1);
        var back = Enumerable.Range(0, p.Count).Reverse().ToArray();
        var table = new float[p.Count, p.Classes.Count];
        for (int i = 0; i < p.Count; i++)
        {
            for (int k = 0; k < p.Classes.Count; k++) table[i, k] = p.Probabilities[back[i], k];
        }
        var turned = new Predictions(p.Classes, [.. back.Select(i => p.Ids[i])], [.. back.Select(i => p.Labels[i])], table);
        Assert.All(Enum.GetValues<Measure>(),
            m => Assert.Equal(Bootstrap.Of([p], Few).Interval(m), Bootstrap.Of([turned], Few).Interval(m)));
        Assert.NotEqual(Bootstrap.Of([p], Few).Interval(Measure.MacroF1),
            Bootstrap.Of([p], Few with { Seed = 4 }).Interval(Measure.MacroF1));
    }

    [Fact]
    public void Interval_EachImageFiveTimesInOneCluster_IsAsWideAsWithoutCopies()
    {
        var p = Draw(1, 1, images: 300);
        var table = new float[1500, p.Classes.Count];
        for (int i = 0; i < 1500; i++)
        {
            for (int k = 0; k < p.Classes.Count; k++) table[i, k] = p.Probabilities[i / 5, k];
        }
        var copies = new Predictions(p.Classes, [.. Enumerable.Range(0, 1500).Select(i => $"{i / 5:000}-{i % 5}")],
            [.. Enumerable.Range(0, 1500).Select(i => p.Labels[i / 5])], table);
        double naive = Width(Bootstrap.Of([copies], Few)), single = Width(Bootstrap.Of([p], Few)),
            clustered = Width(Bootstrap.Of([copies], Few, copies.Ids.ToDictionary(id => id, id => id[..3])));
        Assert.Equal(single, clustered, 1e-12);
        Assert.InRange(naive / single, .35, .55);           // 1/√5 = .447: what ignoring the copies would claim

        static double Width(Bootstrap b) => b.Interval(Measure.Accuracy).High - b.Interval(Measure.Accuracy).Low;
    }

    [Fact]
    public void Difference_OfAnArmToItself_IsZero()
    {
        var b = Bootstrap.Of([Draw(1, 1)], Few);
        Assert.Equal(new Interval(0, 0), Bootstrap.Difference(b, b, Measure.MacroF1));
    }

    [Fact]
    public void Difference_OfPairedTests_IsNarrowerThanOfUnpairedOnes()
    {
        // The second is right wherever the first is, and on a few more images.
        var p = Draw(1, 1, images: 500);
        var table = (float[,])p.Probabilities.Clone();
        for (int i = 0; i < 20; i++)
        {
            for (int k = 0; k < p.Classes.Count; k++) table[i, k] = k == p.Labels[i] ? 1 : 0;
        }
        Bootstrap first = Bootstrap.Of([p], Few), second = Bootstrap.Of([new(p.Classes, p.Ids, p.Labels, table)], Few);
        var paired = Bootstrap.Difference(second, first, Measure.Accuracy);
        Assert.True(paired.Low > 0);
        Assert.True(paired.High
            - paired.Low < (first.Interval(Measure.Accuracy).High - first.Interval(Measure.Accuracy).Low) / 2);
    }

    [Fact]
    public void Difference_OtherImages_IsRefused()
    {
        var (a, b) = (Bootstrap.Of([Draw(1, 1, images: 30)], Few), Bootstrap.Of([Draw(1, 1, images: 31)], Few));
        Assert.Contains("30 and 31 images",
            Assert.Throws<InvalidDataException>(() => Bootstrap.Difference(a, b, Measure.Accuracy)).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void Percentiles_AgreeWithNumpy()
    {
        foreach (var row in Oracle.Root["quantiles"]!.AsArray())
        {
            var q = row!.Numbers();
            var i = Bootstrap.Percentiles([3, 1, 4, double.NaN, 1, 5, 9, 2, 6, 5, 3, 5], q[0]);
            Assert.Equal(q[1], i.Low, 1e-12);
            Assert.Equal(q[2], i.High, 1e-12);
        }
    }

    [Theory]
    [InlineData(99, .95, "bootstrap: 99")]
    [InlineData(2000, .4, "level: 0.4")]
    [InlineData(2000, double.NaN, "level: NaN")]
    public void Options_OutOfRange_AreRefusedByName(int replicates, double level, string says) =>
        Assert.StartsWith(says, Assert.Throws<OptionException>(() => new BootstrapOptions(replicates, level).Validate()).Message,
            StringComparison.Ordinal);

    private static Predictions Draw(double skill, ulong seed, int images = 210) =>
        FabricatedStudy.Draw(FabricatedStudy.Faces, images, skill, seed, "bootstrap");
}
