using Understudy.Common;
using Understudy.Evaluation.Numerics;
using Understudy.Tests.Evaluation.Fidelity;

namespace Understudy.Tests.Evaluation.Numerics;

public sealed class PcaTests
{
    [Fact]
    public void Fit_TheOracleSet_IsScikitLearnsProjection()
    {
        var pca = Pca.Fit(FidelityOracle.Real, 3);
        Close(FidelityOracle.Numbers("pca_variances"), [.. pca.Variances], 1e-9);
        Assert.Equal(FidelityOracle.Number("pca_share"), pca.ExplainedShare, 1e-12);
        Close(FidelityOracle.Numbers("pca_first_synthetic"),
            [.. pca.Transform(FidelityOracle.Synthetic)[0].ToArray().Select(v => (double)v)], 1e-6);
    }

    [Fact]
    public void Fit_FewerImagesThanDimensions_IsScikitLearnsProjection()
    {
        var pca = Pca.Fit(Draws.Select(FidelityOracle.Real, ..5), 3);
        Close(FidelityOracle.Numbers("pca_of_five_variances"), [.. pca.Variances], 1e-9);
        Close(FidelityOracle.Numbers("pca_of_five_first_synthetic"),
            [.. pca.Transform(FidelityOracle.Synthetic)[0].ToArray().Select(v => (double)v)], 1e-6);
    }

    [Fact]
    public void Transform_AllComponents_KeepsDistances()
    {
        var x = Draws.Normal(50, 6, 1);
        var y = Pca.Fit(x, 6).Transform(x);
        Assert.Equal(Distance(x), Distance(y), 1e-5);

        static double Distance(Understudy.Evaluation.Features f) =>
            Enumerable.Range(0, f.Dimension).Sum(k => Math.Pow(f[3][k] - f[17][k], 2));
    }

    [Fact]
    public void Fit_MoreComponentsThanTheDataHave_NamesTheRange() =>
        Assert.Equal("components: 5 is out of range; give 1 to 4",
            Assert.Throws<OptionException>(() => Pca.Fit(Draws.Normal(5, 10, 1), 5)).Message);

    private static void Close(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance);
    }
}
