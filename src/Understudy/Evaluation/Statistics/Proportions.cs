namespace Understudy.Evaluation.Statistics;

/// <summary>Intervals of a share: <c>successes</c> of <c>trials</c> independent images.</summary>
public static class Proportions
{
    /// <summary>Clopper and Pearson (1934): exact, never too narrow. 36 of 3,589 at .95 gives [.00703, .01386].</summary>
    /// <exception cref="ArgumentOutOfRangeException">No trials, more successes than trials, or a level outside (0,
    /// 1).</exception>
    public static Interval ClopperPearson(long successes, long trials, double level = 0.95)
    {
        Require(successes, trials, level);
        var tail = (1 - level) / 2;
        return new(
            successes == 0 ? 0 : SpecialFunctions.InverseRegularizedBeta(tail, successes, trials - successes + 1),
            successes == trials ? 1 : SpecialFunctions.InverseRegularizedBeta(1 - tail, successes + 1, trials - successes));
    }

    /// <summary>Wilson (1927): close to the level on average, and inside [0, 1].</summary>
    /// <inheritdoc cref="ClopperPearson" path="/exception"/>
    public static Interval Wilson(long successes, long trials, double level = 0.95)
    {
        Require(successes, trials, level);
        var z = NormalQuantile(1 - (1 - level) / 2);
        double n = trials, p = successes / n, z2 = z * z;
        var middle = (p + z2 / (2 * n)) / (1 + z2 / n);
        var half = z / (1 + z2 / n) * Math.Sqrt(p * (1 - p) / n + z2 / (4 * n * n));
        return new(Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    /// <summary>The z with Φ(z) = p, p in (0, 1), by bisection of Q(½, z²/2) = 2(1−Φ(|z|)).</summary>
    internal static double NormalQuantile(double p)
    {
        if (!(p is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "between 0 and 1");
        if (p < 0.5) return -NormalQuantile(1 - p);
        double low = 0, high = 40;
        while (high - low > 1e-15 * high)
        {
            var z = (low + high) / 2;
            if (z <= low || z >= high) break;
            if (SpecialFunctions.UpperRegularizedGamma(0.5, z * z / 2) > 2 * (1 - p)) low = z;
            else high = z;
        }
        return (low + high) / 2;
    }

    private static void Require(long successes, long trials, double level)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trials);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        Interval.RequireLevel(level);
    }
}
