using Understudy.Evaluation.Fidelity;

namespace Understudy.Tests.Evaluation.Fidelity;

public sealed class NeighbourhoodsTests
{
    [Fact]
    public void Between_TheOracleSets_IsScikitLearnsValues()
    {
        var n = Neighbourhoods.Between(FidelityOracle.Real, FidelityOracle.Synthetic);
        Assert.Equal(FidelityOracle.Number("precision"), n.Precision, 1e-12);
        Assert.Equal(FidelityOracle.Number("recall"), n.Recall, 1e-12);
        Assert.Equal(FidelityOracle.Number("density"), n.Density, 1e-12);
        Assert.Equal(FidelityOracle.Number("coverage"), n.Coverage, 1e-12);
    }

    [Fact]
    public void Between_HandWorkedNumbers_CountsTheBorderIn()
    {
        // Real 0 1 2 4, k = 1: radii 1 1 1 2. Synthetic 3 and 7, k = 1: radii 4 4.
        var n = Neighbourhoods.Between(Draws.Of(1, 0, 1, 2, 4), Draws.Of(1, 3, 7), 1, 1);
        Assert.Equal(0.5, n.Precision);       // 3 lies on 2's border and in 4's ball; 7 in none
        Assert.Equal(1, n.Recall);            // 0 is 3 from 3, and so are the others within 4
        Assert.Equal(1, n.Density);           // (2 + 0) balls over 1·2
        Assert.Equal(0.5, n.Coverage);        // 2 and 4
    }

    [Fact]
    public void Between_EqualDistributions_IsNearItsExpectation()
    {
        var n = Neighbourhoods.Between(Draws.Normal(2000, 8, 1), Draws.Normal(2000, 8, 2));
        Assert.Equal(1, n.Density, 0.05);
        Assert.Equal(1 - Math.Pow(2, -5), n.Coverage, 0.012);
        Assert.Equal(n.Precision, n.Recall, 0.05);
    }

    [Fact]
    public void Between_HalfTheModesMissing_LosesRecallAndCoverageOnly()
    {
        var left = Draws.Normal(500, 4, 1);
        var real = Draws.Join(left, Draws.Normal(500, 4, 2, shift: 20));
        var n = Neighbourhoods.Between(real, Draws.Normal(1000, 4, 3));
        Assert.InRange(n.Precision, 0.8, 1);
        Assert.InRange(n.Recall, 0.3, 0.5);
        Assert.InRange(n.Coverage, 0.45, 0.5);
    }

    [Fact]
    public void Between_CopiesInside_AreLeftOutAndCounted()
    {
        Understudy.Evaluation.Features x = Draws.Normal(100, 4, 1), y = Draws.Normal(100, 4, 2);
        var n = Neighbourhoods.Between(Draws.Join(x, x), Draws.Join(y, Draws.Select(y, ..7)));
        Assert.Equal(Neighbourhoods.Between(x, y) with { RealCopies = 100, SyntheticCopies = 7 }, n);
    }

    [Fact]
    public void Between_TooFewForTheirNeighbours_SaysSo() =>
        Assert.Contains("5 nearest neighbours need more than 3 other",
            Assert.Throws<ArgumentException>(() =>
                Neighbourhoods.Between(Draws.Of(1, 0, 1, 2, 4), Draws.Of(1, 0, 1, 2, 4))).Message, StringComparison.Ordinal);
}
