using Understudy.Evaluation;
using Understudy.Evaluation.Memorisation;
using Understudy.Evaluation.Numerics;
using Understudy.Tests.Evaluation.Fidelity;

namespace Understudy.Tests.Evaluation.Memorisation;

public sealed class MemorisationTests
{
    private static readonly Features Training = Draws.Normal(600, 8, 1), Holdout = Draws.Normal(600, 8, 2),
        Fresh = Draws.Normal(500, 8, 3);

    [Fact]
    public void CopyDistances_FreshImages_AreAsNearToBoth()
    {
        var c = CopyDistances.Measure(Training, Holdout, Fresh, seed: 1);
        Assert.True(c.DistanceInterval.Contains(0.5) && c.RatioInterval.Contains(0.5));
        Assert.Equal((0, 0), (c.ExactCopies, c.HoldoutExactCopies));
        Assert.False(c.MoreNearCopiesThanHoldout);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.02)]
    public void CopyDistances_PlantedCopies_AreCounted(double noise)
    {
        var copies = Blur(Draws.Select(Training, ..50), noise);
        var c = CopyDistances.Measure(Training, Holdout, Draws.Join(Fresh, copies), seed: 1);
        Assert.Equal(noise == 0 ? 50 : 0, c.ExactCopies);
        Assert.InRange(c.NearCopies, 50, 55);
        Assert.True(c.MoreNearCopiesThanHoldout);
        var only = CopyDistances.Measure(Training, Holdout, copies, seed: 1);
        Assert.Equal((1.0, 1.0), (only.DistanceShare, only.RatioShare));
    }

    [Fact]
    public void CopyDistances_AFewerHoldout_IsMatchedInNumber()
    {
        var c = CopyDistances.Measure(Training, Draws.Select(Holdout, ..200), Fresh, seed: 1);
        Assert.Equal((200, 600, 200), (c.References, c.Trainings, c.Holdouts));
        Assert.True(c.DistanceInterval.Contains(0.5));
    }

    [Fact]
    public void CopyDistances_HandWorked_CountsTiesAsHalf()
    {
        // From 5: training 4 and 0 and 9 → 1, holdout 6 and 1 and 20 → 1: a tie. From 0: 0 against 1.
        var c = CopyDistances.Measure(Draws.Of(1, 0, 4, 9), Draws.Of(1, 1, 6, 20), Draws.Of(1, 5, 0), seed: 1, nearDistance: 1);
        Assert.Equal(0.75, c.DistanceShare);
        Assert.Equal((1, 0, 2, 1), (c.ExactCopies, c.HoldoutExactCopies, c.NearCopies, c.HoldoutNearCopies));
    }

    [Fact]
    public void CopyingTest_FreshImages_IsAboutStandardNormal()
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            var c = CopyingTest.Measure(Training, Draws.Normal(300, 8, 100 + seed), Draws.Normal(300, 8, 200 + seed), seed);
            Assert.InRange(c.Value, -3, 3);
            Assert.InRange(c.SizeFree, 0.4, 0.6);
            Assert.Equal((600, 300, 300),
                (c.Cells.Sum(x => x.Trainings), c.Cells.Sum(x => x.Holdouts), c.Cells.Sum(x => x.Synthetics)));
        }
    }

    [Fact]
    public void CopyingTest_PlantedCopies_IsFarBelowMinusThree()
    {
        var half = CopyingTest.Measure(Training, Holdout,
            Draws.Join(Draws.Select(Fresh, ..200), Blur(Draws.Select(Training, ..200), 0.05)), seed: 1);
        Assert.True(half.Value < -3 && half.SizeFree < 0.45, $"{half}");
        var all = CopyingTest.Measure(Training, Holdout, Training, seed: 1);
        Assert.Equal(0, all.SizeFree);
    }

    [Fact]
    public void CopyingTest_UnderFitting_IsFarAboveThree() =>
        Assert.True(CopyingTest.Measure(Training, Holdout, Draws.Normal(500, 8, 4, scale: 2), seed: 1).Value > 3);

    [Fact]
    public void CopyingTest_OneCell_IsScipysMannWhitney()
    {
        var c = CopyingTest.Measure(Draws.Select(FidelityOracle.Real, ..80), Draws.Select(FidelityOracle.Real, 80..),
            FidelityOracle.Synthetic, seed: 1, cells: 1);
        Assert.Equal(FidelityOracle.Root["copying"]!["z"]!.GetValue<double>(), c.Value, 1e-9);
        Assert.Equal(FidelityOracle.Root["copying"]!["u"]!.GetValue<double>() / (140 * 80), c.SizeFree, 1e-12);
    }

    [Fact]
    public void MannWhitney_Ties_AreHalvesAndShrinkTheVariance()
    {
        // scipy.stats.mannwhitneyu([1, 2, 2, 3], [2, 2, 4]): U = 4, p = .43528; variance 12/12·(8 − (4³ − 4)/(7·6)).
        var test = MannWhitney.Of([1, 2, 2, 3], [2, 2, 4]);
        Assert.Equal(4, test.U);
        Assert.Equal((4 - 6) / Math.Sqrt(8 - 60 / 42.0), test.Z, 1e-12);
    }

    [Fact]
    public void Authenticity_CopiesNeverAreFreshOnesLikeTheHoldout()
    {
        Assert.Equal(0, Authenticity.Of(Training, Training).Share);
        Assert.True(Authenticity.Of(Training, Holdout).Interval.Contains(Authenticity.Of(Training, Fresh).Share));
        Assert.Equal(FidelityOracle.Root["copying"]!["authentic"]!.GetValue<double>(),
            Authenticity.Of(Draws.Select(FidelityOracle.Real, ..80), FidelityOracle.Synthetic).Share, 1e-12);
    }

    private static Features Blur(Features f, double noise)
    {
        var random = new Understudy.Common.KeyedRandom(9, "tests/blur");
        return Draws.Map(f, (v, _) => v + (float)(noise * random.Normal()));
    }
}
