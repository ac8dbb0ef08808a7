namespace Understudy.Evaluation.Statistics;

/// <summary>
/// The functions behind exact intervals and p-values, to about 13 digits. Formulas by number from the NIST Digital Library of
/// Mathematical Functions (dlmf.nist.gov).
/// </summary>
internal static class SpecialFunctions
{
    private const double Tiny = 1e-300;

    // B(2k) / (2k(2k−1)), k = 1 … 8: the coefficients of Stirling's series.
    private static readonly double[] Stirling =
        [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156, -3617.0 / 122400];

    /// <summary>ln Γ(x), x &gt; 0: recurrence up to 15, then Stirling's series (5.11.1).</summary>
    public static double LogGamma(double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(x);
        double shift = 1;
        for (; x < 15; x++) shift *= x;
        double sum = 0, power = 1 / x;
        foreach (var c in Stirling)
        {
            sum += c * power;
            power /= x * x;
        }
        return (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + sum - Math.Log(shift);
    }

    /// <summary>The regularised incomplete beta function I_x(a, b): P[Beta(a, b) ≤ x]. Continued fraction 8.17.22.</summary>
    public static double RegularizedBeta(double x, double a, double b)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(a);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(b);
        if (!(x is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(x), x, "between 0 and 1");
        if (x is 0 or 1) return x;
        // The fraction converges fast below the mean; above it, I_x(a, b) = 1 − I_{1−x}(b, a).
        if (x > (a + 1) / (a + b + 2)) return 1 - RegularizedBeta(1 - x, b, a);
        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + a * Math.Log(x) + b * double.LogP1(-x)) / a;
        return front / ContinuedFraction(1, m =>
        {
            var half = m / 2;
            return m % 2 == 0
                ? (half * (b - half) * x / ((a + m - 1) * (a + m)), 1)
                : (-(a + half) * (a + b + half) * x / ((a + m - 1) * (a + m)), 1);
        });
    }

    /// <summary>The x with I_x(a, b) = p, by bisection down to neighbouring doubles: slow, but never wrong.</summary>
    public static double InverseRegularizedBeta(double p, double a, double b)
    {
        if (!(p is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "between 0 and 1");
        double low = 0, high = 1;
        while (true)
        {
            var middle = low + (high - low) / 2;
            if (middle <= low || middle >= high) return middle;
            if (RegularizedBeta(middle, a, b) < p) low = middle;
            else high = middle;
            if (high - low <= 1e-16 * high) return high;
        }
    }

    /// <summary>The upper regularised incomplete gamma function Q(a, x): series 8.7.1 or continued fraction 8.9.2.</summary>
    public static double UpperRegularizedGamma(double a, double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(a);
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        if (x == 0) return 1;
        var front = Math.Exp(a * Math.Log(x) - x - LogGamma(a));
        if (x < a + 1)
        {
            double term = 1 / a, sum = term;
            for (int n = 1; Math.Abs(term) > sum * 1e-17; n++) sum += term *= x / (a + n);
            return 1 - front * sum;
        }
        return front / ContinuedFraction(x + 1 - a, m => (m * (a - m), x + 2 * m + 1 - a));
    }

    /// <summary>b₀ + a₁/(b₁ + a₂/(b₂ + …)) by Lentz's algorithm as Thompson and Barnett modified it (1986).</summary>
    private static double ContinuedFraction(double b0, Func<int, (double A, double B)> term)
    {
        double f = b0 == 0 ? Tiny : b0, c = f, d = 0;
        for (int m = 1; m <= 100_000; m++)
        {
            var (a, b) = term(m);
            d = b + a * d;
            c = b + a / c;
            d = 1 / (d == 0 ? Tiny : d);
            if (c == 0) c = Tiny;
            var step = c * d;
            f *= step;
            if (Math.Abs(step - 1) < 1e-15) return f;
        }
        throw new ArithmeticException("a continued fraction did not converge: its parameters are beyond what this is made for");
    }
}
