using Understudy.Evaluation.Fidelity;

namespace Understudy.Tests.Evaluation.Fidelity;

public sealed class KernelDistanceTests
{
    [Fact]
    public void Unbiased_TwoPairsOfNumbers_IsTheHandWorkedValue() =>
        Assert.Equal(297.5, KernelDistance.Unbiased(Draws.Of(1, 0, 1), Draws.Of(1, 2, 3)), 1e-12);

    [Fact]
    public void Unbiased_TheOracleSets_IsNumpysValue() =>
        Assert.Equal(FidelityOracle.Number("kid"), KernelDistance.Unbiased(FidelityOracle.Real, FidelityOracle.Synthetic), 1e-9);

    [Fact]
    public void Between_SubsetsAsLargeAsTheSets_IsTheUnbiasedValue()
    {
        var kid = KernelDistance.Between(Draws.Of(1, 0, 1), Draws.Of(1, 2, 3), seed: 1, subsets: 3);
        Assert.Equal((297.5, 2, 3), (kid.Value, kid.SubsetSize, kid.Subsets));
        Assert.Equal(0, kid.Sd);
    }

    [Fact]
    public void Between_EqualDistributions_IsZeroWithinItsNoise()
    {
        var kid = KernelDistance.Between(Draws.Normal(2000, 8, 1), Draws.Normal(2000, 8, 2), seed: 1, subsets: 20,
            subsetSize: 300);
        Assert.InRange(kid.Value, -kid.Sd, kid.Sd);
        Assert.True(
            KernelDistance.Between(Draws.Normal(2000, 8, 1), Draws.Normal(2000, 8, 2, shift: 0.5), seed: 1, subsets: 20,
                subsetSize: 300).Value > 10 * kid.Sd);
    }

    [Fact]
    public void Between_OneImage_IsRefused() =>
        Assert.Throws<ArgumentException>(() => KernelDistance.Between(Draws.Of(1, 0), Draws.Of(1, 2, 3), seed: 1));
}
