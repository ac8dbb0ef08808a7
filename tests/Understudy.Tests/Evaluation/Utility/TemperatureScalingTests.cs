using Understudy.Common;
using Understudy.Evaluation;
using Understudy.Evaluation.Utility;

namespace Understudy.Tests.Evaluation.Utility;

public sealed class TemperatureScalingTests
{
    private static Predictions Of(float[,] p, params int[] labels) =>
        new([.. Enumerable.Range(0, p.GetLength(1)).Select(k => $"c{k}")], [.. labels.Select((_, i) => $"{i}")], labels, p);

    /// <summary>Says .9 and is right three times of four: √9 = 3 makes it ¾ to ¼, which is T = 2.</summary>
    [Fact]
    public void Fit_NineToOneRightThreeTimesOfFour_IsTwo()
    {
        var p = new float[,] { { .9f, .1f }, { .9f, .1f }, { .1f, .9f }, { .1f, .9f } };
        var t = TemperatureScaling.Fit(Of(p, 0, 0, 1, 0));
        Assert.Equal(2, t, 1e-6);
        var scaled = TemperatureScaling.Apply(p, t);
        Assert.Equal((.75, .25), (Math.Round(scaled[0, 0], 6), Math.Round(scaled[0, 1], 6)));
    }

    [Fact]
    public void Fit_AllRightOrAllWrong_StaysWithinItsBounds()
    {
        var p = new float[,] { { .9f, .1f }, { 0, 1 } };
        Assert.Equal(TemperatureScaling.Lowest, TemperatureScaling.Fit(Of(p, 0, 1)), 1e-9);
        Assert.Equal(TemperatureScaling.Highest, TemperatureScaling.Fit(Of(p, 1, 0)), 1e-9);
    }

    [Fact]
    public void Fit_RandomPredictions_IsAsGoodAsAnyTemperatureOfAGrid()
    {
        var (p, labels) = Random(200);
        double Nll(double t) => Calibration.NegativeLogLikelihood(Of(TemperatureScaling.Apply(p, t), labels));
        var best = Nll(TemperatureScaling.Fit(Of(p, labels)));
        for (double t = .1; t < 10; t *= 1.1) Assert.True(best <= Nll(t) + 1e-9, $"T {t}");
    }

    [Theory]
    [InlineData(.05), InlineData(1), InlineData(3), InlineData(20)]
    public void Apply_AnyTemperature_ChangesNoLikeliestClass(double temperature)
    {
        var (p, labels) = Random(200);
        // Neighbouring numbers, the later one the larger; and a tie, which the first wins.
        (p[0, 0], p[0, 1], p[0, 2]) = (.4f, MathF.BitIncrement(.4f), .2f);
        (p[1, 0], p[1, 1], p[1, 2]) = (.2f, .4f, .4f);
        (p[2, 0], p[2, 1], p[2, 2]) = (0, 0, 1);
        var scaled = TemperatureScaling.Apply(p, temperature);
        Assert.Equal(Of(p, labels).Predicted(), Of(scaled, labels).Predicted());
        for (int i = 0; i < 200; i++) Assert.Equal(1, scaled[i, 0] + scaled[i, 1] + scaled[i, 2], 1e-5);
    }

    private static (float[,] P, int[] Labels) Random(int count)
    {
        var (p, random) = (new float[count, 3], new KeyedRandom(3));
        for (int i = 0; i < count; i++)
        {
            double[] e = [Math.Exp(3 * random.Normal()), Math.Exp(3 * random.Normal()), Math.Exp(3 * random.Normal())];
            for (int k = 0; k < 3; k++) p[i, k] = (float)(e[k] / e.Sum());
        }
        // Right about half the time.
        return (p, [.. Enumerable.Range(0, count)
            .Select(i => i % 2 == 0 ? Enumerable.Range(0, 3).MaxBy(k => p[i, k]) : random.Next(3))]);
    }
}
