using Understudy.Common;
using Understudy.Evaluation;
using Understudy.Evaluation.Statistics;
using Understudy.Evaluation.Utility;
using Understudy.Tests.Reporting;

namespace Understudy.Tests.Evaluation.Statistics;

public class JointDifferencesTests
{
    private static readonly BootstrapOptions Many = new(Replicates: 2000);

    /// <summary>
    /// One row and no seeds: the width is the .95 quantile of |difference of a resample − difference|, here by plain loops over
    /// the draws.
    /// </summary>
    [Fact]
    public void Of_OneRow_IsThePlainQuantileOfDistances()
    {
        Predictions a = Draw("a", 1.5, 80), b = Draw("b", .8, 80);
        var options = new BootstrapOptions(201);
        var distances = Enumerable.Range(0, 201).Select(r =>
        {
            var random = new KeyedRandom(0, "bootstrap", r);
            var images = Enumerable.Range(0, 80).Select(_ => random.Next(80)).ToArray();
            return Math.Abs(images.Average(i => Right(b, i) - Right(a, i)) - Enumerable.Range(0, 80)
                .Average(i => Right(b, i) - Right(a, i)));
        }).Order().ToArray();
        var centre = Enumerable.Range(0, 80).Average(i => Right(b, i) - Right(a, i));

        var interval = JointDifferences.Of([Bootstrap.Of([a], options), Bootstrap.Of([b], options)], [1, 1], 0, Measure.Accuracy)
            .Single();

        Assert.Equal(centre - distances[190], interval.Low, 1e-12);      // .95 of 200 steps
        Assert.Equal(centre + distances[190], interval.High, 1e-12);
    }

    [Fact]
    public void Of_RowsEqualToTheReferenceOrToEachOther_CostNothing()
    {
        Bootstrap a = Bootstrap.Of([Draw("a", 1, 80)], Many), b = Bootstrap.Of([Draw("b", 1, 80)], Many);

        Assert.Equal(new Interval(0, 0), JointDifferences.Of([a, a], [1, 1], 0, Measure.Accuracy).Single());
        var alone = JointDifferences.Of([a, b], [1, 1], 0, Measure.Accuracy).Single();
        Assert.Equal([alone, alone, new(0, 0)], JointDifferences.Of([a, b, b, a], [1, 1, 1, 1], 0, Measure.Accuracy));
        Assert.Empty(JointDifferences.Of([a], [1], 0, Measure.Accuracy));
    }

    /// <summary>Equal answers, so that only training again moves: normal with variance sd²(1/4 + 1).</summary>
    [Fact]
    public void Of_SeedsAlone_AreAsWideAsTheNormalSays()
    {
        var a = Bootstrap.Of([Draw("a", 1, 80)], Many);
        var interval = JointDifferences.Of([a, a], [4, 1], .02, Measure.Accuracy).Single();

        Assert.Equal(0, (interval.High + interval.Low) / 2, 1e-12);
        Assert.Equal(1.96 * .02 * Math.Sqrt(1.25), interval.High, .003);
    }

    /// <summary>
    /// Ten classifiers as good as the first, again and again: an interval for each alone finds "a difference" in many of these
    /// studies, joint ones in one of twenty.
    /// </summary>
    [Fact]
    public void Of_ManyRowsWithoutADifference_SeldomFindOne()
    {
        const int Studies = 100;
        int joint = 0, each = 0;
        for (int s = 0; s < Studies; s++)
        {
            var rows = Enumerable.Range(0, 11).Select(r => Bootstrap.Of([Draw($"{s}/{r}", 1, 150)], new(200))).ToArray();
            if (JointDifferences.Of(rows, [.. rows.Select(_ => 1)], 0, Measure.Accuracy).Any(i => !i.Contains(0))) joint++;
            if (rows.Skip(1).Any(r => !Bootstrap.Difference(r, rows[0], Measure.Accuracy).Contains(0))) each++;
        }

        Assert.InRange(joint, 1, 12);
        Assert.InRange(each, 20, 70);
    }

    [Fact]
    public void PooledSd_OfUnequalSeeds_WeighsByDegreesOfFreedom()
    {
        // Variances .01 (two seeds: 1 degree) and .04 (three: 2 degrees); one seed knows nothing.
        SeedSummary two = SeedSummary.Of(.5, .5 + .1 * Math.Sqrt(2)), three = SeedSummary.Of(.3, .5, .7),
            one = SeedSummary.Of(.9);

        Assert.Equal(Math.Sqrt((.01 + 2 * .04) / 3), SeedSummary.PooledSd(two, three, one)!.Value, 1e-12);
        Assert.Null(SeedSummary.PooledSd(one));
    }

    private static double Right(Predictions p, int i) => p.Predicted()[i] == p.Labels[i] ? 1 : 0;

    private static Predictions Draw(string name, double skill, int images) =>
        FabricatedStudy.Draw(["x", "y"], images, skill, 1, name);
}
