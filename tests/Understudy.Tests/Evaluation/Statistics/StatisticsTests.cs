using Understudy.Evaluation.Statistics;
using Understudy.Evaluation.Utility;

namespace Understudy.Tests.Evaluation.Statistics;

public class StatisticsTests
{
    public static TheoryData<string> Cases => Oracle.Cases;

    [Fact]
    public void SpecialFunctions_AgreeWithScipy()
    {
        foreach (var v in Rows("log_gamma"))
            Assert.Equal(v[1], SpecialFunctions.LogGamma(v[0]), 1e-13 * Math.Max(1, Math.Abs(v[1])));
        foreach (var v in Rows("beta")) Relative(v[3], SpecialFunctions.RegularizedBeta(v[0], v[1], v[2]), 2e-11);
        foreach (var v in Rows("gamma")) Relative(v[2], SpecialFunctions.UpperRegularizedGamma(v[0], v[1]), 2e-11);
        foreach (var v in Rows("normal")) Assert.Equal(v[1], Proportions.NormalQuantile(v[0]), 1e-11);
    }

    [Fact]
    public void RegularizedBeta_ClosedForms_AreMet()
    {
        foreach (var x in new[] { 0, .1, .5, .9, 1 })
        {
            Assert.Equal(x, SpecialFunctions.RegularizedBeta(x, 1, 1), 1e-14);
            Assert.Equal(1 - Math.Pow(1 - x, 7), SpecialFunctions.RegularizedBeta(x, 1, 7), 1e-14);
            Assert.Equal(Math.Pow(x, 7), SpecialFunctions.RegularizedBeta(x, 7, 1), 1e-14);
            Assert.Equal(2 / Math.PI * Math.Asin(Math.Sqrt(x)), SpecialFunctions.RegularizedBeta(x, .5, .5), 1e-13);
        }
    }

    [Fact]
    public void InverseRegularizedBeta_OfTheFunction_GivesTheArgumentBack()
    {
        foreach (var (x, a, b) in new[] { (.3, 2.0, 5.0), (.01, 36, 3554), (.7, .5, .5), (.999, 40, 2) })
            Relative(x, SpecialFunctions.InverseRegularizedBeta(SpecialFunctions.RegularizedBeta(x, a, b), a, b), 1e-9);
    }

    [Fact]
    public void Proportions_AgreeWithScipy()
    {
        foreach (var v in Rows("clopper_pearson")) Same(Proportions.ClopperPearson((long)v[0], (long)v[1], v[2]), v[3], v[4]);
        foreach (var v in Rows("wilson")) Same(Proportions.Wilson((long)v[0], (long)v[1], v[2]), v[3], v[4]);

        static void Same(Interval i, double low, double high)
        {
            Assert.Equal(low, i.Low, 1e-11);
            Assert.Equal(high, i.High, 1e-11);
        }
    }

    [Fact]
    public void ClopperPearson_36Of3589_IsThePublishedInterval()
    {
        var i = Proportions.ClopperPearson(36, 3589);
        Assert.Equal((.00703, .01386), (Math.Round(i.Low, 5), Math.Round(i.High, 5)));
    }

    [Fact]
    public void ClopperPearson_NoneAndAll_HaveTheirClosedForm()
    {
        Assert.Equal(0, Proportions.ClopperPearson(0, 20).Low);
        Assert.Equal(1 - Math.Pow(.025, 1 / 20.0), Proportions.ClopperPearson(0, 20).High, 1e-13);
        Assert.Equal(1, Proportions.ClopperPearson(20, 20).High);
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(11, 10)]
    [InlineData(0, 0)]
    public void Proportions_ImpossibleCounts_AreRefused(long successes, long trials)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Proportions.ClopperPearson(successes, trials));
        Assert.Throws<ArgumentOutOfRangeException>(() => Proportions.Wilson(successes, trials));
    }

    [Fact]
    public void McNemar_AgreesWithTheBinomialTest()
    {
        foreach (var v in Rows("mcnemar")) Relative(v[2], McNemar.Exact((long)v[0], (long)v[1]).PValue, 1e-11);
        Assert.Equal(1, McNemar.Exact(0, 0).PValue);
        Assert.Equal(2 * Math.Pow(.5, 6), McNemar.Exact(6, 0).PValue, 1e-15);
    }

    [Fact]
    public void McNemar_BetweenTests_JoinsById()
    {
        var first = Oracle.Of(2, (0, [.9f, .1f]), (0, [.9f, .1f]), (1, [.9f, .1f]), (1, [.1f, .9f]));
        var second = new Understudy.Evaluation.Predictions(first.Classes, ["i3", "i2", "i1", "i0"], [1, 1, 0, 0],
            new float[,] { { .1f, .9f }, { .1f, .9f }, { .1f, .9f }, { .1f, .9f } });
        var m = McNemar.Between(first, second);
        Assert.Equal((2, 1), (m.OnlyFirst, m.OnlySecond));
        Assert.Equal(1, m.PValue, 1e-13);
    }

    [Fact]
    public void McNemar_OtherImages_IsRefusedByName()
    {
        var a = Oracle.Of(2, (0, [.9f, .1f]));
        var b = new Understudy.Evaluation.Predictions(a.Classes, ["other"], [0], new float[,] { { .9f, .1f } });
        Assert.Contains("'i0' is in one of two", Assert.Throws<InvalidDataException>(() => McNemar.Between(a, b)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Holm_TextbookCase_StepsDown()
    {
        Assert.Equal([.03, .06, .06, .02], Holm.Adjust(.01, .04, .03, .005).Select(p => Math.Round(p, 12)));
        Assert.Equal([1, 1], Holm.Adjust(.8, .9));
        Assert.Empty(Holm.Adjust());
    }

    [Fact]
    public void SeedSummary_OfThree_HasTheSampleDeviation()
    {
        var s = SeedSummary.Of(.5, .6, .7);
        Assert.Equal(.6, s.Mean, 1e-15);
        Assert.Equal(.1, s.Sd!.Value, 1e-15);
        Assert.Null(SeedSummary.Of(.5).Sd);
        Assert.Throws<ArgumentException>(() => SeedSummary.Of());
    }

    [Theory, MemberData(nameof(Cases))]
    public void ChiSquaredAndBestPermutation_AgreeWithScipy(string name)
    {
        var (predictions, expected) = Oracle.Case(name);
        var confusion = ConfusionMatrix.From(predictions);
        var test = ChiSquared.Independence(confusion);
        var chi = expected["chi_squared"]!.Numbers();
        Relative(chi[0], test.Statistic, 1e-12);
        Assert.Equal(chi[1], test.DegreesOfFreedom);
        Relative(chi[2], test.PValue, 1e-8);
        Assert.Equal(expected["best_permutation_accuracy"]!.GetValue<double>(), BestPermutation.Of(confusion).Accuracy, 1e-12);
    }

    [Fact]
    public void ChiSquared_TableOfIndependence_IsZero()
    {
        var test = ChiSquared.Independence(new(new long[,] { { 10, 20 }, { 30, 60 } }));
        Assert.Equal((0.0, 1, 1.0, 10.0), (test.Statistic, test.DegreesOfFreedom, test.PValue, test.SmallestExpected));
        Assert.Equal(1, ChiSquared.Independence(new(new long[,] { { 10, 0 }, { 30, 0 } })).PValue);
    }

    [Fact]
    public void BestPermutation_PlantedOrder_IsFound()
    {
        // Predicted class p should have been called 1, 2, 0.
        var p = BestPermutation.Of(new(new long[,] { { 1, 0, 9 }, { 8, 1, 1 }, { 1, 9, 0 } }));
        Assert.Equal([1, 2, 0], p.Mapping);
        Assert.Equal(26 / 30.0, p.Accuracy, 1e-15);
        Assert.Equal(24 / 30.0, p.Gain, 1e-15);
    }

    [Fact]
    public void BestPermutation_NothingToGain_IsTheIdentity()
    {
        Assert.Equal([0, 1, 2], BestPermutation.Of(new(new long[,] { { 5, 5, 5 }, { 5, 5, 5 }, { 5, 5, 5 } })).Mapping);
        Assert.Equal(0, BestPermutation.Of(new(new long[,] { { 5, 1 }, { 2, 5 } })).Gain);
    }

    [Fact]
    public void Assign_EveryPermutationOfFive_NoneIsCheaper()
    {
        var random = new Understudy.Common.KeyedRandom(5);
        for (int trial = 0; trial < 50; trial++)
        {
            var cost = new long[5, 5];
            for (int i = 0; i < 25; i++) cost[i / 5, i % 5] = random.Next(30) - 10;
            var found = BestPermutation.Assign(cost);
            Assert.Equal(Orders([0, 1, 2, 3, 4]).Min(o => Cost(cost, o)), Cost(cost, found));
        }

        static long Cost(long[,] cost, int[] columns) => columns.Select((c, r) => cost[r, c]).Sum();

        static IEnumerable<int[]> Orders(int[] rest) =>
            rest.Length == 0 ? [[]]
                : rest.SelectMany(first => Orders([.. rest.Where(x => x != first)]).Select(o => (int[])[first, .. o]));
    }

    private static IEnumerable<double[]> Rows(string name) => Oracle.Root[name]!.AsArray().Select(r => r!.Numbers());

    private static void Relative(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(Math.Abs(expected), 1e-250), Numbers(expected, actual));

    private static string Numbers(double expected, double actual) =>
        FormattableString.Invariant($"expected {expected:R}, got {actual:R}");
}
