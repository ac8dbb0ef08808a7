using Understudy.Evaluation;
using Understudy.Evaluation.Fidelity;
using Understudy.Evaluation.Numerics;

namespace Understudy.Tests.Evaluation.Fidelity;

public sealed class FrechetDistanceTests
{
    [Fact]
    public void Between_TheOracleSets_IsScipysValue()
    {
        var fd = FrechetDistance.Between(FidelityOracle.Real, FidelityOracle.Synthetic);
        Assert.Equal(FidelityOracle.Number("fd"), fd.Value, 1e-9);
        Assert.Equal((6, 160, 140), (fd.Dimension, fd.Reals, fd.Synthetics));
    }

    [Fact]
    public void Between_ASetAndItselfShifted_IsTheSquaredShift()
    {
        var x = Draws.Normal(400, 8, 1);
        var fd = FrechetDistance.Between(x, Draws.Map(x, (v, k) => v + 0.5f * k));
        Assert.Equal(0.25 * (1 + 4 + 9 + 16 + 25 + 36 + 49), fd.Value, 1e-5);
        Assert.Equal(0, fd.CovarianceTerm, 1e-5);
    }

    [Fact]
    public void Between_DiagonalGaussians_HasTheClosedForm()
    {
        double[] a = [4, 1, 0.25, 9, 0], b = [1, 1, 2.25, 0.0625, 4], shift = [0, 1, -2, 0.5, 3];
        var fd = FrechetDistance.Between(Gaussian(a, new double[5]), Gaussian(b, shift));
        Assert.Equal(shift.Sum(s => s * s), fd.MeanTerm, 1e-12);
        Assert.Equal(a.Zip(b, (u, v) => Math.Pow(Math.Sqrt(u) - Math.Sqrt(v), 2)).Sum(), fd.CovarianceTerm, 1e-9);

        static Moments Gaussian(double[] variances, double[] mean)
        {
            var covariance = new Matrix(variances.Length, variances.Length);
            for (int k = 0; k < variances.Length; k++) covariance[k, k] = variances[k];
            return new(mean, covariance, 1000);
        }
    }

    [Fact]
    public void Between_ASetAndItself_IsZero() =>
        Assert.Equal(0, FrechetDistance.Between(FidelityOracle.Real, FidelityOracle.Real).Value, 1e-9);

    [Fact]
    public void Between_TooFewImages_SaysToProjectAndHowFar()
    {
        var e = Assert.Throws<ArgumentException>(() =>
            FrechetDistance.Between(Draws.Normal(436, 64, 1), Draws.Normal(5000, 64, 2)));
        Assert.StartsWith(
            "a Fréchet distance in 64 dimensions needs 1280 images on each side and has 436: project to 21 or fewer principal "
            + "components first", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Between_FeaturesOfTwoExtractors_IsRefused() =>
        Assert.Contains("same extractor",
            Assert.Throws<ArgumentException>(() =>
                FrechetDistance.Between(Draws.Normal(100, 2, 1), Draws.Normal(100, 3, 1))).Message, StringComparison.Ordinal);

    [Fact]
    public void Features_NotANumber_NamesImageAndPlace() =>
        Assert.StartsWith("features: image 1 has NaN at 0",
            Assert.Throws<InvalidDataException>(() => new Features([1, 2, float.NaN, 4], 2)).Message, StringComparison.Ordinal);
}
