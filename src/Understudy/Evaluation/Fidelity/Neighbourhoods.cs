using Understudy.Evaluation.Numerics;

namespace Understudy.Evaluation.Fidelity;

/// <summary>
/// How two sets share their k-NN balls: a point's ball reaches to its kth nearest neighbour in its own set, border included.
/// Exact copies inside a set are left out first, for they shrink balls to nothing.
/// </summary>
/// <param name="Precision">Share of synthetic images in some real ball (Kynkäänniemi et al. 2019): does it look real?</param>
/// <param name="Recall">Share of real images in some synthetic ball: is everything real within reach?</param>
/// <param name="Density">Real balls around a synthetic image, over k (Naeem et al. 2020): about 1 for equal distributions, and
/// not bounded by 1.</param>
/// <param name="Coverage">Share of real images with a synthetic one in their ball: about 1 − 2^−k for equal distributions and
/// sizes.</param>
/// <param name="PrecisionNeighbours">k of precision and recall.</param>
/// <param name="CoverageNeighbours">k of density and coverage.</param>
/// <param name="Reals">Distinct real images.</param>
/// <param name="Synthetics">Distinct synthetic images.</param>
/// <param name="RealCopies">Real images left out as copies.</param>
/// <param name="SyntheticCopies">Synthetic images left out as copies.</param>
public sealed record Neighbourhoods(
    double Precision, double Recall, double Density, double Coverage, int PrecisionNeighbours, int CoverageNeighbours,
    int Reals, int Synthetics, int RealCopies, int SyntheticCopies)
{
    /// <exception cref="ArgumentException">Different dimensions, or no more distinct images on a side than
    /// neighbours.</exception>
    public static Neighbourhoods Between(Features real, Features synthetic, int precisionNeighbours = 3,
        int coverageNeighbours = 5)
    {
        Features.RequireSameDimension(real, synthetic, nameof(synthetic));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(precisionNeighbours);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(coverageNeighbours);
        Features x = real.Select(real.Distinct()), y = synthetic.Select(synthetic.Distinct());
        int p = precisionNeighbours - 1, c = coverageNeighbours - 1;
        Neighbours aroundX = Neighbours.Within(x, Math.Max(p, c) + 1), aroundY = Neighbours.Within(y, precisionNeighbours);
        var inRealBall = new bool[y.Count];
        var reached = new bool[x.Count];
        var covered = new bool[x.Count];
        var balls = new int[x.Count];
        Pairs.Visit<SquaredDistance>(x, y, (i, squared) =>
        {
            double near = aroundX.Squared(i, p), wide = aroundX.Squared(i, c);
            for (int j = 0; j < squared.Length; j++)
            {
                // Several threads may set the same flag: all to true, so their order does not matter.
                if (squared[j] <= near) Volatile.Write(ref inRealBall[j], true);
                if (squared[j] <= wide) balls[i]++;
                if (squared[j] <= aroundY.Squared(j, p)) reached[i] = true;
            }
            covered[i] = balls[i] > 0;
        });
        return new(Share(inRealBall), Share(reached), balls.Sum(b => (long)b) / ((double)coverageNeighbours * y.Count),
            Share(covered),
            precisionNeighbours, coverageNeighbours, x.Count, y.Count, real.Count - x.Count, synthetic.Count - y.Count);
    }

    private static double Share(bool[] flags) => (double)flags.Count(f => f) / flags.Length;
}
