using Understudy.Common;
using Understudy.Evaluation.Numerics;

namespace Understudy.Evaluation.Fidelity;

/// <summary>
/// Kernel distance (KID where the features are Inception's; Bińkowski et al. 2018): the unbiased squared maximum mean discrepancy
/// with the kernel (xᵀy/D + 1)³. It is 0 on average between equal distributions whatever the number of images, and may be
/// slightly negative.
/// </summary>
/// <param name="Value">The mean over the subsets.</param>
/// <param name="Sd">Standard deviation (n − 1) over the subsets; NaN for one subset.</param>
/// <param name="SubsetSize">Images of each side per subset.</param>
public readonly record struct KernelDistance(double Value, double Sd, int Subsets, int SubsetSize, int Reals, int Synthetics)
{
    /// <param name="subsets">Subsets to draw, each without replacement.</param>
    /// <param name="subsetSize">Images of each side per subset; fewer where a set is smaller.</param>
    /// <exception cref="ArgumentException">Different dimensions, or fewer than two images on a side.</exception>
    public static KernelDistance Between(Features real, Features synthetic, ulong seed, int subsets = 100, int subsetSize = 1000)
    {
        Features.RequireSameDimension(real, synthetic, nameof(synthetic));
        OptionException.RequireRange(nameof(subsets), subsets, 1, 1_000_000);
        OptionException.RequireRange(nameof(subsetSize), subsetSize, 2, int.MaxValue);
        var size = Math.Min(subsetSize, Math.Min(real.Count, synthetic.Count));
        var values = new double[subsets];
        for (int s = 0; s < subsets; s++)
        {
            values[s] = Unbiased(
                real.Select(new KeyedRandom(seed, "fidelity/kid/real", s).Permutation(real.Count)[..size]),
                synthetic.Select(new KeyedRandom(seed, "fidelity/kid/synthetic", s).Permutation(synthetic.Count)[..size]));
        }
        var mean = values.Average();
        var sd = subsets == 1 ? double.NaN : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (subsets - 1));
        return new(mean, sd, subsets, size, real.Count, synthetic.Count);
    }

    /// <summary>
    /// The same from all pairs at once: the least noisy estimate that the images allow. {0, 1} against {2, 3} gives 297.5.
    /// </summary>
    /// <exception cref="ArgumentException">Different dimensions, or fewer than two images on a side.</exception>
    public static double Unbiased(Features x, Features y)
    {
        Features.RequireSameDimension(x, y, nameof(y));
        if (Math.Min(x.Count, y.Count) < 2)
            throw new ArgumentException($"a kernel distance needs two images on each side; there are {x.Count} and {y.Count}",
                nameof(y));
        double n = x.Count, m = y.Count;
        return Sum(x, x, skipSelf: true) / (n * (n - 1))
            + Sum(y, y, skipSelf: true) / (m * (m - 1)) - 2 * Sum(x, y, skipSelf: false) / (n * m);
    }

    private static double Sum(Features a, Features b, bool skipSelf)
    {
        var rows = new double[a.Count];
        double d = a.Dimension;
        Pairs.Visit<DotProduct>(a, b, (row, products) =>
        {
            double sum = 0;
            for (int j = 0; j < products.Length; j++)
            {
                var k = products[j] / d + 1;
                if (!skipSelf || j != row) sum += k * k * k;
            }
            rows[row] = sum;
        });
        return rows.Sum();
    }
}
