using Understudy.Evaluation.Statistics;

namespace Understudy.Tests.Training.Augmentation;

/// <summary>Whether draws with fixed seeds follow a distribution; bounds are those of level 10⁻⁴ or below.</summary>
internal static class Distributions
{
    public static Func<double, double> Uniform(double min, double max) => x => Math.Clamp((x - min) / (max - min), 0, 1);

    public static Func<double, double> Normal(double deviation) => x => NormalCdf(x / deviation);

    /// <summary>The exact binomial probability of what was counted or anything farther out, on either side.</summary>
    public static void AssertShare(string what, int count, int of, double rate)
    {
        var tail = Math.Min(BinomialCdf(count, of, rate), 1 - BinomialCdf(count - 1, of, rate));
        Assert.True(tail > 1e-5, $"{what}: {count} of {of}, expected {rate * of:0}; probability {tail:g2}");
    }

    /// <summary>P(X ≤ k) = I₁₋ₚ(n − k, k + 1).</summary>
    private static double BinomialCdf(int k, int n, double p) =>
        k < 0 ? 0 : k >= n ? 1 : SpecialFunctions.RegularizedBeta(1 - p, n - k, k + 1);

    private static double NormalCdf(double x) =>
        x < 0 ? 1 - NormalCdf(-x) : 1 - SpecialFunctions.UpperRegularizedGamma(0.5, x * x / 2) / 2;

    /// <summary>Kolmogorov and Smirnov's distance; its 10⁻⁴ point is 2.23/√n (Massey 1951).</summary>
    public static void AssertFollows(string what, IEnumerable<double> values, Func<double, double> cdf)
    {
        var sorted = values.Order().ToArray();
        Assert.NotEmpty(sorted);
        var distance = sorted.Select((x, i) => Math.Max(cdf(x) - (double)i / sorted.Length, (i + 1.0) / sorted.Length - cdf(x)))
            .Max();
        Assert.True(distance < 2.23 / Math.Sqrt(sorted.Length), $"{what}: distance {distance:g3} over {sorted.Length} draws");
    }
}
